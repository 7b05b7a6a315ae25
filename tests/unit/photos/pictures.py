"""Pictures as files, and the pixels that are read from them."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photos.reading import square

Images = NDArray[np.uint8]


def decode(content: bytes) -> Images:
    """The pixels that the endpoint sees."""
    return np.asarray(square(content, 32).image)


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as a file of this kind."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def solid(mode: str, colour: object, size: tuple[int, int] = (64, 48)) -> Image.Image:
    """A picture of one colour."""
    return Image.new(mode, size, colour)  # type: ignore[arg-type]


def colour(content: bytes) -> list[int]:
    """The colour of a photo of one colour."""
    pixels = decode(content)
    assert pixels.shape == (32, 32, 3)
    assert pixels.dtype == np.uint8
    return [round(float(value)) for value in pixels.reshape(-1, 3).mean(axis=0)]
