"""Reads the bytes of a photo as upright RGB pixels."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, floor

from PIL import ExifTags, Image

from photos.errors import PhotoTooLargeError, UnreadablePhotoError
from photos.limits import FORMATS, MAXIMUM_BYTES, maximum_pixels

# A photo is first reduced by whole numbers, which is cheap in time and memory, to no less than this many times the
# target size; a better filter does the rest. With 4, pixels differ from those without that first step by 0.3 levels of
# 256 on average.
OVERSAMPLING = 4
TILE = 1024  # pixels a side that are converted at once

# What Pillow's decoders raise for damaged files.
BROKEN = (
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

UPRIGHT = {  # by EXIF orientation; 1 is upright already
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = {5, 6, 7, 8}  # orientations in which width and height change places

Size = tuple[int, int]
Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True)
class Photo:
    """An upright RGB image of a photo, and the size in pixels of the photo itself."""

    image: Image.Image
    width: int
    height: int


def square(content: bytes, side: int) -> Photo:
    """Read the largest square in the middle of a photo, in `side` × `side` pixels. Raises the errors of `fit`."""
    return _read(content, lambda size: ((min(size),) * 2, (side, side)), Image.Resampling.BICUBIC)


def small_square(content: bytes, most: int) -> Photo:
    """Read that square with at most `most` pixels a side; it is never enlarged. Raises the errors of `fit`."""
    return _read(content, lambda size: ((min(size),) * 2, (min(*size, most),) * 2), Image.Resampling.LANCZOS)


def fit(content: bytes, side: int) -> Photo:
    """Read a photo in its own proportions with at most `side` pixels a side; it is never enlarged.

    The first frame of an animation is read; transparency is laid on white; 16 bits a channel are scaled to 8.

    Raises:
        UnreadablePhotoError: the bytes are not an image in one of the accepted formats, or the image is damaged.
        PhotoTooLargeError: the file has too many bytes, or the image too many pixels.
    """
    return _read(content, lambda size: (size, _within(size, side)), Image.Resampling.LANCZOS)


def _read(content: bytes, plan: Callable[[Size], tuple[Size, Size]], resampling: Image.Resampling) -> Photo:
    """Read a photo as planned by its size: how much of its middle is taken, and to how many pixels it is resized."""
    if len(content) > MAXIMUM_BYTES:
        raise PhotoTooLargeError(
            f"The photo has {len(content):,} bytes; at most {MAXIMUM_BYTES:,} are read. Send a smaller one."
        )
    try:
        image = _open(content)
        return _decode(image, *plan(image.size), resampling)
    except BROKEN as error:
        raise UnreadablePhotoError(_reason(error)) from error


def _within(size: Size, side: int) -> Size:
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _open(content: bytes) -> Image.Image:
    """Read the header only, and check the number of pixels that it announces."""
    Image.init()  # registers the decoders that this Pillow has
    try:
        image = Image.open(io.BytesIO(content), formats=[name for name in FORMATS if name in Image.OPEN])
    except Image.DecompressionBombError as error:
        raise PhotoTooLargeError(f"The photo has too many pixels: {error} Send a smaller one.") from error
    most = maximum_pixels(str(image.format), image.mode)
    if image.width * image.height > most:
        raise PhotoTooLargeError(
            f"The photo has {image.width} × {image.height} pixels; of {image.format} at most {most:,} are read. "
            "Send a smaller one."
        )
    return image


def _decode(image: Image.Image, middle: Size, target: Size, resampling: Image.Resampling) -> Photo:
    """Decode an opened image, resize its middle of some width and height to a target, and turn it upright."""
    width, height = image.size
    wanted = _enough(target[0], width, middle[0]), _enough(target[1], height, middle[1])
    drafted = image.draft(None, wanted)  # decodes a JPEG at 1/2, 1/4 or 1/8 of its size
    across, down = drafted[1][2:] if drafted else image.size
    image.load()
    factors = (max(1, image.width // wanted[0]), max(1, image.height // wanted[1]))
    left, right = _middle(across, middle[0] / width)
    top, bottom = _middle(down, middle[1] / height)
    x, y = floor(left), floor(top)
    # Reduced sizes are rounded up; the box says exactly how far the middle reaches in them.
    box = ((left - x) / factors[0], (top - y) / factors[1], (right - x) / factors[0], (bottom - y) / factors[1])
    small = _reduced(image, (x, y, ceil(right), ceil(bottom)), factors).resize(target, resampling, box)
    orientation = _orientation(image)
    if orientation in UPRIGHT:
        small = small.transpose(UPRIGHT[orientation])
    return Photo(small, height, width) if orientation in SIDEWAYS else Photo(small, width, height)


def _enough(target: int, length: int, middle: int) -> int:
    """Of how many pixels a side must be decoded, so that its middle has enough for the target."""
    return ceil(target * OVERSAMPLING * length / middle)


def _middle(length: float, share: float) -> tuple[float, float]:
    """Where a share in the middle of a length begins and ends."""
    margin = length * (1 - share) / 2
    return margin, length - margin


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 where there is none. Pillow turns a TIFF by itself and removes its orientation."""
    try:
        found = image.getexif().get(ExifTags.Base.Orientation)
    except BROKEN:  # a photo can be good although its metadata is not
        return 1
    return found if isinstance(found, int) else 1


def _reduced(image: Image.Image, part: Box, factors: Size) -> Image.Image:
    """A part of the image in RGB, its width and height divided by whole numbers and rounded up.

    It is converted tile by tile, so that there is never a second image as large as the decoded one.
    """
    x, y, width, height = part[0], part[1], part[2] - part[0], part[3] - part[1]
    small = Image.new("RGB", (-(-width // factors[0]), -(-height // factors[1])))
    for left, top, right, bottom in _tiles((width, height), factors):
        tile = _rgb(image.crop((x + left, y + top, x + right, y + bottom)))
        small.paste(tile.reduce(factors), (left // factors[0], top // factors[1]))
    return small


def _tiles(size: Size, factors: Size) -> Iterator[Box]:
    """Boxes (left, top, right, bottom) that cover an image; they begin at multiples of the factors."""
    (width, height), (across, down) = size, factors
    step_x, step_y = (factor * max(1, TILE // factor) for factor in (across, down))
    for top in range(0, height, step_y):
        for left in range(0, width, step_x):
            yield left, top, min(left + step_x, width), min(top + step_y, height)


def _rgb(image: Image.Image) -> Image.Image:
    """RGB pixels of an image in any mode, transparency on white."""
    if image.mode == "F":
        raise ValueError("floating-point pixels have no defined range")
    if image.mode.startswith("I"):
        # Pillow's own conversion to 8 bits clips at 255 instead of scaling. Mode I has one byte order, I;16 two.
        image = image.convert("I").point(lambda level: level * (1 / 256))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def _reason(error: Exception) -> str:
    """Pillow's message; in one case it ends with the address of an object, which is left out."""
    return str(error).partition(" <_io.BytesIO")[0] or type(error).__name__
