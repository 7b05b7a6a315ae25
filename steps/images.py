"""A photo of any common format → the 32×32 RGB pixels that the network sees."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

from steps.arrays import IMAGE_SIZE, Images
from steps.errors import ImageTooLargeError, UnreadableImageError

MAX_BYTES = 25_000_000  # more than a photo of a phone has; InvokeEndpoint may allow less
# A large phone photo; more may be a decompression bomb. JPEGs are decoded at a fraction of their size. These limits and
# the formats are those of `serialize_image` as well, so that the workflow and the endpoint read the same photos.
MAX_PIXELS = 30_000_000
MAX_PIXELS_OF_JPEG = 60_000_000
DRAFT_SIDE = 8 * IMAGE_SIZE  # a JPEG is decoded at 1/8, 1/4 or 1/2 of its size if that leaves as many pixels a side

# Formats of cameras and phones. Pillow's others hold programs (EPS, WMF, …), or need what a container lacks (HEIC).
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF")

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
    most = MAX_PIXELS_OF_JPEG if image.format in {"JPEG", "MPO"} else MAX_PIXELS
    if image.width * image.height > most:
        raise ImageTooLargeError(
            f"The photo has {image.width}×{image.height} pixels; of {image.format} {most:,} are accepted. "
            "Send a smaller one."
        )
    image.draft("RGB", (DRAFT_SIDE, DRAFT_SIDE))
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
