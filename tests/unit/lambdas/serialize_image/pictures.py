"""Pictures to send to `serialize_image`, and those that it makes."""

import io
import random
from collections.abc import Callable

from PIL import Image

Encode = Callable[..., bytes]
Put = Callable[[bytes], dict[str, str]]


def decoded(png: bytes) -> Image.Image:
    """The picture of a PNG."""
    image = Image.open(io.BytesIO(png))
    image.load()
    assert image.format == "PNG"
    return image


def noise(width: int, height: int, mode: str = "RGB", channels: int = 3) -> Image.Image:
    """A picture that cannot be compressed, always the same."""
    return Image.frombytes(mode, (width, height), random.Random(7).randbytes(width * height * channels))
