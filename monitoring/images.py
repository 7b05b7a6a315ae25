"""Captured images: facts about them, and thumbnails."""

import base64
import hashlib
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from monitoring.errors import UnreadableImageError

MAXIMUM_PIXELS = 50_000_000  # more is a decompression bomb rather than a photo


@dataclass(frozen=True)
class ImageFacts:
    """Size in pixels; brightness and contrast are mean and standard deviation of luma (ITU-R 601) as 0 to 1."""

    width: int
    height: int
    brightness: float
    contrast: float


def decode(content: bytes) -> Image.Image:
    """Encoded bytes as an RGB image. Raises UnreadableImageError."""
    try:
        image = Image.open(io.BytesIO(content))
        if image.width * image.height > MAXIMUM_PIXELS:
            raise UnreadableImageError(f"the image has {image.width} x {image.height} pixels, too many to read")
        return image.convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise UnreadableImageError(f"no readable image in {len(content)} bytes: {_reason(error)}") from error


def facts(content: bytes) -> ImageFacts:
    """What the report says about an image. Raises UnreadableImageError."""
    image = decode(content)
    luma = np.asarray(image.convert("L"), dtype=np.float64) / 255
    return ImageFacts(image.width, image.height, float(luma.mean()), float(luma.std()))


def digest(content: bytes) -> str:
    """The first 16 hex digits of the SHA-256 of the encoded bytes."""
    return hashlib.sha256(content).hexdigest()[:16]


def thumbnail(content: bytes, side: int = 96) -> str:
    """The image, at most `side` pixels high and wide, as a PNG data URI. Raises UnreadableImageError."""
    image = decode(content)
    image.thumbnail((side, side))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _reason(error: Exception) -> str:
    """Pillow's message, less the object address that it ends with in one case."""
    return str(error).partition(" <_io.BytesIO")[0] or type(error).__name__
