"""Captured images: facts about them as the model sees them, and thumbnails."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass

from jobs.pages import data_uri
from monitoring.errors import UnreadableImageError
from monitoring.features.pixels import ImageFeatures, image_features
from photos.errors import PhotoTooLargeError, UnreadablePhotoError
from photos.reading import Photo, fit, squeeze

SIDE = 32  # pixels a side of what the model sees, and of the training images


@dataclass(frozen=True)
class ImageFacts(ImageFeatures):
    """An image's size in pixels, and the features of what the model sees: all of it, squeezed to 32 x 32 pixels."""

    width: int
    height: int


def facts(content: bytes) -> ImageFacts:
    """What the report says about an image. Raises UnreadableImageError."""
    photo = _read(squeeze, content, SIDE)
    return ImageFacts(width=photo.width, height=photo.height, **vars(image_features(photo.image)))


def digest(content: bytes) -> str:
    """The first 16 hex digits of the SHA-256 of the encoded bytes."""
    return hashlib.sha256(content).hexdigest()[:16]


def thumbnail(content: bytes, side: int = 96) -> str:
    """The image, at most `side` pixels high and wide, as a PNG data URI. Raises UnreadableImageError."""
    buffer = io.BytesIO()
    _read(fit, content, side).image.save(buffer, "PNG", optimize=True)
    return data_uri(buffer.getvalue())


def _read(reader: Callable[[bytes, int], Photo], content: bytes, side: int) -> Photo:
    try:
        return reader(content, side)
    except PhotoTooLargeError as error:
        raise UnreadableImageError(str(error)) from error
    except UnreadablePhotoError as error:
        raise UnreadableImageError(f"no readable image in {len(content)} bytes: {error}") from error
