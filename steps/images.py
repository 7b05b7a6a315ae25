"""A photo of any common format → the 32×32 RGB pixels that the network sees."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

from steps.arrays import IMAGE_SIZE, Images
from steps.errors import ImageTooLargeError, UnreadableImageError

MAX_BYTES = 25_000_000  # SageMaker's limit on the body of a request
MAX_PIXELS = 50_000_000  # a large phone photo; more may be a decompression bomb

# Formats that hold pixels. Pillow's others (EPS, WMF, …) hold programs, or need tools that a container lacks.
FORMATS = ("PNG", "JPEG", "MPO", "GIF", "BMP", "TIFF", "WEBP", "PPM", "JPEG2000", "AVIF")

# What Pillow's decoders raise on damaged files.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    struct.error,
    zlib.error,
)


def decode(content: bytes) -> Images:
    """Decode a photo to uint8 (32, 32, 3) RGB: upright, first frame, transparency on white, squeezed to a square.

    The whole photo is squeezed, as CIFAR's were, so that nothing at its edges is lost; 32×32 pixels stay as they are.
    Raises UnreadableImageError and ImageTooLargeError.
    """
    if len(content) > MAX_BYTES:
        raise ImageTooLargeError(
            f"The photo has {len(content):,} bytes; {MAX_BYTES:,} are accepted. Send a smaller one."
        )
    try:
        with _open(content) as image:
            pixels = _to_rgb(ImageOps.exif_transpose(image)).resize((IMAGE_SIZE, IMAGE_SIZE), Image.Resampling.BICUBIC)
    except _BROKEN as error:
        raise UnreadableImageError(
            f"The photo cannot be decoded ({error}). Send a whole image as one of {', '.join(FORMATS)}."
        ) from error
    return np.asarray(pixels)


def _open(content: bytes) -> Image.Image:
    Image.init()
    try:
        image = Image.open(io.BytesIO(content), formats=[name for name in FORMATS if name in Image.OPEN])
    except Image.DecompressionBombError as error:
        raise ImageTooLargeError(f"The photo has far more than {MAX_PIXELS:,} pixels. Send a smaller one.") from error
    if image.width * image.height > MAX_PIXELS:
        raise ImageTooLargeError(
            f"The photo has {image.width}×{image.height} pixels; {MAX_PIXELS:,} are accepted. Send a smaller one."
        )
    return image


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "F":
        raise ValueError("floating-point pixels have no defined range")
    if image.mode.startswith("I"):
        image = _to_8_bits(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def _to_8_bits(image: Image.Image) -> Image.Image:
    # Pillow's own conversion clips 16-bit pixels at 255 instead of scaling them.
    return Image.fromarray((np.asarray(image).clip(0, 65535) // 256).astype(np.uint8))
