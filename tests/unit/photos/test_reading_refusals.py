"""What is no photo, damaged or too large is refused with a typed error."""

import struct
import zlib
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image
from unit.photos.pictures import Images, decode, encode, solid

from photos.errors import PhotoTooLargeError, UnreadablePhotoError
from photos.limits import MAXIMUM_BYTES


def test_floating_point_is_refused() -> None:
    with pytest.raises(UnreadablePhotoError, match="floating-point"):
        decode(encode(solid("F", 0.5), "TIFF"))


@pytest.mark.parametrize("content", [b"", b"not an image", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"])
def test_no_image(content: bytes) -> None:
    with pytest.raises(UnreadablePhotoError, match=r"^cannot identify image file$"):
        decode(content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "WEBP"])
def test_truncated(kind: str, images: Images) -> None:
    whole = encode(Image.fromarray(np.tile(images[0], (4, 4, 1))), kind)
    with pytest.raises(UnreadablePhotoError):
        decode(whole[: len(whole) // 2])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP", "AVIF"])
@pytest.mark.filterwarnings("ignore:::PIL")  # Pillow warns of what it skips
def test_damaged_files_are_read_or_refused(kind: str, images: Images) -> None:
    whole = encode(Image.fromarray(images[0]), kind)
    generator = np.random.default_rng(1)
    for _ in range(60):
        damaged = bytearray(whole)
        for position in generator.integers(0, min(len(damaged), 300), 3):
            damaged[position] = generator.integers(0, 256)
        with suppress(UnreadablePhotoError, PhotoTooLargeError):
            assert decode(bytes(damaged)).shape == (32, 32, 3)


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_bomb(width: int, height: int) -> bytes:
    """A small PNG that claims to be this large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))


@pytest.mark.parametrize("size", [(8000, 8000), (40000, 40000)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_decompression_bombs(size: tuple[int, int]) -> None:
    with pytest.raises(PhotoTooLargeError, match=r"30,000,000|exceeds limit"):
        decode(png_bomb(*size))


def test_too_many_bytes() -> None:
    with pytest.raises(PhotoTooLargeError, match="25,000,001 bytes"):
        decode(b"\0" * (MAXIMUM_BYTES + 1))


def test_a_file_of_just_the_allowed_bytes_is_looked_at() -> None:
    with pytest.raises(UnreadablePhotoError, match="cannot identify image file"):
        decode(b"\0" * MAXIMUM_BYTES)


def test_a_photo_of_just_the_allowed_pixels_is_decoded() -> None:
    with pytest.raises(UnreadablePhotoError, match="truncated"):
        decode(png_bomb(6000, 5000))
    with pytest.raises(PhotoTooLargeError, match="6000 × 5001 pixels; of PNG at most 30,000,000"):
        decode(png_bomb(6000, 5001))


def test_a_cmyk_jpeg_may_have_fewer_pixels() -> None:
    content = bytearray(encode(solid("CMYK", (0, 0, 0, 0)), "JPEG"))
    header = content.index(b"\xff\xc0") + 5
    content[header : header + 4] = struct.pack(">HH", 6000, 8000)
    with pytest.raises(PhotoTooLargeError, match="8000 × 6000 pixels; of JPEG at most 40,000,000"):
        decode(bytes(content))


def test_an_error_without_a_message_is_told_by_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise EOFError

    monkeypatch.setattr(Image, "open", fail)
    with pytest.raises(UnreadablePhotoError, match=r"^EOFError$"):
        decode(b"")
