"""Photos as cameras and phones write them → small RGB pictures."""

import io
import struct
import zlib

from PIL import Image, ImageOps

from lambdas.shared.errors import PhotoTooLarge, PhotoUnreadable

MAXIMUM_SIDE = 224
# The function has 512 MB. Measured: Pillow takes up to 11 bytes a pixel, and 6 for a JPEG, which it decodes reduced.
MAXIMUM_PIXELS = 30_000_000
MAXIMUM_PIXELS_OF_JPEG = 60_000_000
# Formats of cameras and phones; Pillow reads more, some of them through programs that untrusted files should not reach.
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF")
# What Pillow's decoders raise on damaged files.
DECODING_ERRORS = (
    OSError,
    RuntimeError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
)


def to_small_png(data: bytes) -> bytes:
    """PNG, RGB, at most 224 px a side, upright, without metadata; a smaller picture keeps its pixels.

    Raises:
        PhotoUnreadable: no picture in one of FORMATS, or a damaged one.
        PhotoTooLarge: more pixels than are decoded.

    """
    try:
        Image.init()  # tells which decoders this Pillow has
        with Image.open(io.BytesIO(data), formats=[name for name in FORMATS if name in Image.OPEN]) as image:
            check_pixels(image)
            small = shrink(image)
    except Image.DecompressionBombError as error:
        raise PhotoTooLarge(str(error)) from error
    except DECODING_ERRORS as error:
        raise PhotoUnreadable(f"not a readable photo ({', '.join(FORMATS)}): {error}") from error
    png = io.BytesIO()
    small.save(png, "PNG", optimize=True)
    return png.getvalue()


def check_pixels(image: Image.Image) -> None:
    """Raises PhotoTooLarge from the header alone, before anything is decoded."""
    width, height = image.size
    most = MAXIMUM_PIXELS_OF_JPEG if image.format in {"JPEG", "MPO"} else MAXIMUM_PIXELS
    if width * height > most:
        raise PhotoTooLarge(f"the photo has {width} x {height} pixels; of {image.format} at most {most:,} are decoded")


def shrink(image: Image.Image) -> Image.Image:
    """The first frame, upright, as a small RGB picture without metadata."""
    image.draft("RGB", (2 * MAXIMUM_SIDE, 2 * MAXIMUM_SIDE))  # a JPEG is decoded at a fraction of its size
    colours = to_colours(ImageOps.exif_transpose(image))
    colours.thumbnail((MAXIMUM_SIDE, MAXIMUM_SIDE), Image.Resampling.LANCZOS)
    return on_white(colours)


def to_colours(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where the picture has transparency, from any mode (palette, CMYK, 1 bit, 16 bit)."""
    if image.mode == "F":
        raise ValueError("floating-point pixels have no known range")
    if image.mode.startswith("I"):
        # Pillow would clip 16 bit at 255, which makes a white picture.
        image = image.point(lambda level: level / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def on_white(image: Image.Image) -> Image.Image:
    """Transparency over white, on a new picture: profiles and texts of the old one, of any size, stay behind."""
    background = Image.new("RGB", image.size, "white")
    background.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return background
