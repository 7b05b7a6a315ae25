"""Small PNGs of 8-bit RGB, decoded without Pillow's format plugin, which takes longer than their pixels do.

The decoder itself is Pillow's own, so that the pixels are those that `photos.reading` gives. Whatever is not of the
plainest kind, or not in order, is left to `photos.reading`.
"""

import zlib
from dataclasses import dataclass
from struct import Struct

from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS = 128  # a side; up to here, `photos.reading` resizes in one step
LONGEST = 256 * 1024  # bytes of a file
PLAIN = bytes([8, 2, 0, 0, 0])  # bit depth 8, RGB, the only compression and filters there are, not interlaced
_LENGTH_AND_KIND, _CHECKSUM = Struct(">I4s"), Struct(">I")


@dataclass(frozen=True)
class PlainPng:
    """Width and height in pixels, and the compressed pixels."""

    size: tuple[int, int]
    data: bytes


def read_plain_png(content: bytes) -> Image.Image | None:
    """The image of a small, plain PNG; None if it is anything else."""
    found = open_plain_png(content)
    if found is None:
        return None
    try:
        return Image.frombytes("RGB", found.size, found.data, "zip", ("RGB",))
    except (ValueError, OSError):
        return None


def open_plain_png(content: bytes) -> PlainPng | None:
    """A small, plain PNG of which all checksums are right; None if it is anything else."""
    if content[:16] != SIGNATURE + b"\0\0\0\rIHDR" or content[24:29] != PLAIN or len(content) > LONGEST:
        return None
    width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    data = _image_data(content)
    if data is None or not 0 < width <= MOST_PIXELS or not 0 < height <= MOST_PIXELS:
        return None
    return PlainPng((width, height), data)


def _image_data(content: bytes) -> bytes | None:
    """The compressed pixels; None unless every chunk is whole and none changes how pixels are shown."""
    view, place, data = memoryview(content), len(SIGNATURE), b""
    while place + 12 <= len(content):
        length, kind = _LENGTH_AND_KIND.unpack_from(view, place)
        end = place + 8 + length
        if end + 4 > len(content) or zlib.crc32(view[place + 4 : end]) != _CHECKSUM.unpack_from(view, end)[0]:
            return None
        if kind == b"IEND":
            return data or None
        if kind == b"IDAT":
            data += view[place + 8 : end]
        elif place > len(SIGNATURE):  # transparency, orientation, animation …
            return None
        place = end + 4
    return None
