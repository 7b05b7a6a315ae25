"""Captured images: facts about them as the model sees them, and thumbnails."""

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from jobs.pages import data_uri
from monitoring.errors import UnreadableImageError
from monitoring.features.pixels import ImageFeatures, Pixels, image_features
from monitoring.features.png import open_plain_png, read_plain_png
from photos.errors import PhotoTooLargeError, UnreadablePhotoError
from photos.limits import MAXIMUM_PIXELS
from photos.reading import Photo, fit, square

SIDE = 32  # pixels a side of what the model sees, and of the training images


@dataclass(frozen=True)
class Seen:
    """What the model sees of an image, the square in its middle as 32 x 32 pixels (RGB), and its own size in pixels."""

    pixels: bytes
    width: int
    height: int


def see(content: bytes) -> Seen:
    """What the model sees of an encoded image. Raises UnreadableImageError."""
    plain = read_plain_png(content)
    if plain is not None and plain.width == plain.height and plain.width * plain.height <= MAXIMUM_PIXELS["PNG"]:
        same = plain.size == (SIDE, SIDE)
        resized = plain if same else plain.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        return Seen(resized.tobytes(), plain.width, plain.height)
    photo = _read(square, content, SIDE)
    return Seen(photo.image.tobytes(), photo.width, photo.height)


def glance(content: bytes) -> tuple[int, int] | None:
    """Width and height of an image that is in order by its checksums, without decoding it; None of most kinds."""
    found = open_plain_png(content)
    return found.size if found else None


def stacked(images: Sequence[Seen]) -> Pixels:
    """The pixels of images as one array."""
    return from_bytes([image.pixels for image in images])


def from_bytes(images: Sequence[bytes]) -> Pixels:
    """Images of 32 x 32 pixels as one array."""
    return np.frombuffer(b"".join(images), np.uint8).reshape(len(images), SIDE, SIDE, 3)


def facts(images: Sequence[Seen]) -> ImageFeatures:
    """The features of what the model sees."""
    return image_features(stacked(images))


def digest(content: bytes) -> str:
    """The first 16 hex digits of the SHA-256 of the encoded bytes."""
    return hashlib.sha256(content).hexdigest()[:16]


def thumbnail(content: bytes, side: int = 96) -> str:
    """The image, at most `side` pixels high and wide, as a PNG data URI. Raises UnreadableImageError."""
    buffer = io.BytesIO()
    _read(fit, content, side).image.save(buffer, "PNG", optimize=True)
    return data_uri(buffer.getvalue())


def picture(pixels: Pixels) -> str:
    """One image (height, width, 3) as a PNG data URI."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", optimize=True)
    return data_uri(buffer.getvalue())


def _read(reader: Callable[[bytes, int], Photo], content: bytes, side: int) -> Photo:
    try:
        return reader(content, side)
    except PhotoTooLargeError as error:
        raise UnreadableImageError(str(error)) from error
    except UnreadablePhotoError as error:
        raise UnreadableImageError(f"no readable image in {len(content)} bytes: {error}") from error
