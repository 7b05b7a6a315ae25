"""Captured images: facts about them as the model sees them, and thumbnails."""

import base64
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from monitoring.errors import UnreadableImageError
from photos.errors import PhotoTooLargeError, UnreadablePhotoError
from photos.reading import Photo, fit, squeeze

SIDE = 32  # pixels a side of what the model sees, and of the training images


@dataclass(frozen=True)
class ImageFacts:
    """Size in pixels; the others, 0 to 1, are those of the image squeezed to 32 x 32 pixels, which the model sees.

    Brightness and contrast are mean and standard deviation of luma (ITU-R 601), sharpness the mean difference of
    luma between neighbouring pixels, saturation the mean of HSV's. `steps.baseline` has them of the training images.
    """

    width: int
    height: int
    brightness: float
    contrast: float
    saturation: float
    sharpness: float


def facts(content: bytes) -> ImageFacts:
    """What the report says about an image. Raises UnreadableImageError."""
    photo = _read(squeeze, content, SIDE)
    seen = photo.image
    luma = np.asarray(seen.convert("L"), dtype=np.float64) / 255
    return ImageFacts(
        width=photo.width,
        height=photo.height,
        brightness=float(luma.mean()),
        contrast=float(luma.std()),
        saturation=float(np.asarray(seen.convert("HSV"), dtype=np.float64)[:, :, 1].mean() / 255),
        sharpness=float((np.abs(np.diff(luma, axis=0)).mean() + np.abs(np.diff(luma, axis=1)).mean()) / 2),
    )


def digest(content: bytes) -> str:
    """The first 16 hex digits of the SHA-256 of the encoded bytes."""
    return hashlib.sha256(content).hexdigest()[:16]


def thumbnail(content: bytes, side: int = 96) -> str:
    """The image, at most `side` pixels high and wide, as a PNG data URI. Raises UnreadableImageError."""
    buffer = io.BytesIO()
    _read(fit, content, side).image.save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _read(reader: Callable[[bytes, int], Photo], content: bytes, side: int) -> Photo:
    try:
        return reader(content, side)
    except PhotoTooLargeError as error:
        raise UnreadableImageError(str(error)) from error
    except UnreadablePhotoError as error:
        raise UnreadableImageError(f"no readable image in {len(content)} bytes: {error}") from error
