"""Captured images: facts about them as the model sees them, and thumbnails."""

import base64
import hashlib
import io
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from monitoring.errors import UnreadableImageError

MAXIMUM_PIXELS = 50_000_000  # more is a decompression bomb rather than a photo
SIDE = 32  # pixels a side of what the model sees, and of the training images

# What Pillow's decoders raise on damaged files.
_BROKEN = (
    OSError,
    RuntimeError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


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


def decode(content: bytes) -> Image.Image:
    """Encoded bytes as an upright RGB image, transparency on white. Raises UnreadableImageError."""
    try:
        image = Image.open(io.BytesIO(content))
        if image.width * image.height > MAXIMUM_PIXELS:
            raise UnreadableImageError(f"the image has {image.width} x {image.height} pixels, too many to read")
        return _to_rgb(ImageOps.exif_transpose(image))
    except _BROKEN as error:
        raise UnreadableImageError(f"no readable image in {len(content)} bytes: {_reason(error)}") from error


def facts(content: bytes) -> ImageFacts:
    """What the report says about an image. Raises UnreadableImageError."""
    image = decode(content)
    seen = image.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    luma = np.asarray(seen.convert("L"), dtype=np.float64) / 255
    return ImageFacts(
        width=image.width,
        height=image.height,
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
    image = decode(content)
    image.thumbnail((side, side))
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "F":
        raise ValueError("floating-point pixels have no defined range")
    if image.mode.startswith("I"):
        # Pillow would clip 16 bits at 255, which makes a white picture.
        image = Image.fromarray((np.asarray(image).clip(0, 65535) // 256).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def _reason(error: Exception) -> str:
    """Pillow's message, less the object address that it ends with in one case."""
    return str(error).partition(" <_io.BytesIO")[0] or type(error).__name__
