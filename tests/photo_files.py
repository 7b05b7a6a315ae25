"""Files that phones send, good and bad, and the answer that each of them gets wherever photos are read.

The good ones all show one picture: red, green, blue and white quarters. `docs/serving.md` lists the same files.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

QUARTERS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))  # top left, top right, bottom left, bottom right
GREY = tuple((level, level, level) for level in (76, 150, 29, 255))  # their luma
ORIENTATION = 0x0112
# What turns the picture into the one which each EXIF orientation turns upright.
STORED: dict[int, Image.Transpose | None] = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class PhotoFile:
    """A file, the answer it gets, and for those that are read the colours of the quarters."""

    name: str
    make: Callable[[], bytes]
    answer: Literal["read", "unreadable", "too large"] = "read"
    quarters: tuple[tuple[int, ...], ...] = QUARTERS
    tolerance: int = 2


def picture(width: int = 96, height: int = 64) -> Image.Image:
    image = Image.new("RGB", (width, height), QUARTERS[3])
    image.paste(QUARTERS[0], (0, 0, width // 2, height // 2))
    image.paste(QUARTERS[1], (width // 2, 0, width, height // 2))
    image.paste(QUARTERS[2], (0, height // 2, width // 2, height))
    return image


def encode(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    buffer = io.BytesIO()
    (image or picture()).save(buffer, kind, **options)
    return buffer.getvalue()


def converted(kind: str, mode: str, **options: Any) -> bytes:
    return encode(kind, picture().convert(mode), **options)


def transparent(kind: str, **options: Any) -> bytes:
    """The white quarter is fully transparent instead, over black."""
    image = picture().convert("RGBA")
    image.paste((0, 0, 0, 0), (48, 32, 96, 64))
    return encode(kind, image, **options)


def transparent_palette() -> bytes:
    image = picture().convert("P", palette=Image.Palette.ADAPTIVE, colors=4)
    return encode("PNG", image, transparency=image.getpixel((90, 60)))


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = STORED[orientation]
    return encode("JPEG", picture() if stored is None else picture().transpose(stored), exif=exif, subsampling=0)


def animated(kind: str, **options: Any) -> bytes:
    """The picture, then black frames."""
    frames = [Image.new("RGB", (96, 64), colour) for colour in ("black", (9, 9, 9))]
    return encode(kind, save_all=True, append_images=frames, **options)


def sixteen_bit_grey() -> bytes:
    return encode("PNG", Image.fromarray(np.asarray(picture().convert("L")).astype(np.uint16) * 257))


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, depth: int, rows: bytes) -> bytes:
    """An RGB PNG of these rows, each after its filter byte."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def sixteen_bit_colour() -> bytes:
    pixels: NDArray[Any] = np.asarray(picture()).astype(">u2") * 257
    return png(96, 64, 16, b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels))


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        zipped.writestr("photo.png", encode("PNG"))
    return buffer.getvalue()


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def heic() -> bytes:
    return struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(1000)


def tiff(order: Literal["<", ">"]) -> bytes:
    """An uncompressed 16-bit greyscale TIFF; both byte orders are valid."""
    grey: NDArray[Any] = np.asarray(picture().convert("L")).astype(f"{order}u2") * 257
    data = grey.astype(f"{order}u2").tobytes()
    tags = ((256, 96), (257, 64), (258, 16), (259, 1), (262, 1), (273, 8), (277, 1), (278, 64), (279, len(data)))
    entries = b"".join(struct.pack(f"{order}HHII", tag, 4, 1, value) for tag, value in tags)
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(f"{order}I", 8 + len(data))
    return head + data + struct.pack(f"{order}H", len(tags)) + entries + bytes(4)


def odd_exif() -> bytes:
    """A photo that lies on its side, whose EXIF block also has a tag of the wrong type: ResolutionUnit as text."""
    entries = struct.pack(">HHIHH", ORIENTATION, 3, 1, 6, 0) + struct.pack(">HHI4s", 0x0128, 2, 2, b"2")
    block = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 2) + entries + bytes(4)
    content = JPEG(picture().transpose(Image.Transpose.ROTATE_90))
    return content[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + content[2:]


JPEG = partial(encode, "JPEG", subsampling=0)
GOOD = [
    PhotoFile("PNG", partial(encode, "PNG")),
    PhotoFile("PNG with alpha", partial(transparent, "PNG")),
    PhotoFile("PNG with a palette", partial(converted, "PNG", "P")),
    PhotoFile("PNG with a transparent colour in its palette", transparent_palette),
    PhotoFile("PNG, greyscale", partial(converted, "PNG", "L"), quarters=GREY),
    PhotoFile("PNG, 16 bit greyscale", sixteen_bit_grey, quarters=GREY),
    PhotoFile("PNG, 16 bit colour", sixteen_bit_colour),
    PhotoFile("TIFF, 16 bit greyscale, little-endian", partial(tiff, "<"), quarters=GREY),
    PhotoFile("TIFF, 16 bit greyscale, big-endian", partial(tiff, ">"), quarters=GREY),
    PhotoFile("JPEG, EXIF with an invalid tag", odd_exif, tolerance=6),
    PhotoFile("PNG, 1 bit", lambda: encode("PNG", picture().convert("L").point(lambda x: 255 * (x > 100), "1")),
              quarters=((0,) * 3, (255,) * 3, (0,) * 3, (255,) * 3)),
    PhotoFile("PNG, 12 megapixels", lambda: encode("PNG", picture(4000, 3000), compress_level=1)),
    PhotoFile("JPEG", JPEG, tolerance=6),
    PhotoFile("JPEG, progressive", partial(JPEG, progressive=True), tolerance=6),
    *(PhotoFile(f"JPEG, EXIF orientation {each}", partial(turned, each), tolerance=6) for each in STORED),
    PhotoFile("JPEG, greyscale", partial(converted, "JPEG", "L"), quarters=GREY, tolerance=6),
    PhotoFile("JPEG, CMYK", partial(converted, "JPEG", "CMYK"), tolerance=6),
    PhotoFile("JPEG, 12 megapixels", lambda: JPEG(picture(4000, 3000)), tolerance=6),
    PhotoFile("JPEG, 48 megapixels", lambda: JPEG(picture(8000, 6000)), tolerance=6),
    PhotoFile("JPEG, a panorama", lambda: JPEG(picture(6000, 400)), tolerance=6),
    PhotoFile("MPO, several photos in one", lambda: encode("MPO", save_all=True, append_images=[picture()],
              subsampling=0), tolerance=6),
    PhotoFile("GIF, animated", partial(animated, "GIF")),
    PhotoFile("APNG, animated", partial(animated, "PNG")),
    PhotoFile("WebP", partial(encode, "WEBP", lossless=True)),
    PhotoFile("WebP with alpha", partial(transparent, "WEBP", lossless=True)),
    PhotoFile("WebP, animated", partial(animated, "WEBP", lossless=True)),
    PhotoFile("AVIF", partial(encode, "AVIF", quality=100, subsampling="4:4:4"), tolerance=6),
    PhotoFile("TIFF", partial(encode, "TIFF")),
    PhotoFile("BMP", partial(encode, "BMP")),
]  # fmt: skip
BAD = [
    PhotoFile("empty", lambda: b"", "unreadable"),
    PhotoFile("text", lambda: b"no picture\n" * 100, "unreadable"),
    PhotoFile("ZIP", archive, "unreadable"),
    PhotoFile("EPS", partial(encode, "EPS"), "unreadable"),
    PhotoFile("SPIDER", lambda: encode("SPIDER", Image.new("F", (9, 9), 0.5)), "unreadable"),
    PhotoFile("SVG", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "unreadable"),
    PhotoFile("HEIC", heic, "unreadable"),
    PhotoFile("a PNG's first bytes before a JPEG", lambda: b"\x89PNG\r\n\x1a\n" + JPEG(), "unreadable"),
    PhotoFile("PNG, truncated", lambda: half(encode("PNG", picture(900, 600))), "unreadable"),
    PhotoFile("JPEG, truncated", lambda: half(JPEG(picture(900, 600))), "unreadable"),
    PhotoFile("GIF, truncated", lambda: half(animated("GIF"))[:150], "unreadable"),
    PhotoFile("WebP, truncated", lambda: half(encode("WEBP", picture(900, 600))), "unreadable"),
    PhotoFile("TIFF of floating-point pixels", lambda: encode("TIFF", Image.new("F", (9, 9), 0.5)), "unreadable"),
    PhotoFile("PNG, 64 megapixels", lambda: png(8000, 8000, 8, bytes(1000)), "too large"),
    PhotoFile("WebP, 30 megapixels", lambda: encode("WEBP", Image.new("RGB", (6000, 5000)), method=0), "too large"),
    PhotoFile("PNG, a decompression bomb", lambda: png(40_000, 40_000, 8, bytes(1000)), "too large"),
    PhotoFile("JPEG, 100 MB", lambda: JPEG() + bytes(100_000_000), "too large"),
]


def quarters_of(image: Image.Image) -> list[tuple[int, ...]]:
    """The colours in the middle of an RGB image's quarters."""
    places = [(1, 1), (3, 1), (1, 3), (3, 3)]
    found = [image.getpixel((x * image.width // 4, y * image.height // 4)) for x, y in places]
    return [tuple(int(value) for value in colour) for colour in found if isinstance(colour, tuple)]
