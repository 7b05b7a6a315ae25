"""The quick way for small PNGs gives the pixels of `photos.reading`, or leaves the file to it."""

import io
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from monitoring.features.png import read_plain_png
from photos.reading import fit

Pixels = np.ndarray


def png(pixels: Pixels, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", **options)
    return buffer.getvalue()


def noise(height: int, width: int, seed: int = 0, smooth: bool = True) -> Pixels:
    steps = np.random.default_rng(seed).integers(-9 if smooth else 0, 10 if smooth else 256, (height, width, 3))
    return (np.cumsum(steps, axis=1) + 120 if smooth else steps).clip(0, 255).astype(np.uint8)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 128), st.integers(1, 128), st.integers(0, 99), st.booleans(), st.integers(0, 9))
def test_its_pixels_are_those_of_the_reader(height: int, width: int, seed: int, smooth: bool, level: int) -> None:
    content = png(noise(height, width, seed, smooth), compress_level=level)
    image = read_plain_png(content)
    assert image is not None
    assert np.array_equal(np.asarray(image), np.asarray(fit(content, 128).image))


@pytest.mark.parametrize(
    "content",
    [
        png(noise(32, 32)[:, :, 0]),
        png(np.dstack([noise(32, 32), noise(32, 32)[:, :, :1]])),
        png(noise(129, 32)),
        png(noise(32, 32), dpi=(72, 72)),
        png(noise(32, 32))[:-12],
        png(noise(32, 32))[:200],
        png(noise(32, 32)).replace(b"IDAT", b"IDAX"),
        b"no picture",
        b"",
    ],
    ids=["grey", "alpha", "large", "other chunks", "no end", "cut off", "no data", "no PNG", "empty"],
)
def test_anything_else_is_left_to_the_reader(content: bytes) -> None:
    assert read_plain_png(content) is None


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def test_pixels_that_end_too_early_are_left_to_the_reader() -> None:
    whole = png(noise(32, 32))
    short = chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    assert read_plain_png(whole[: whole.index(b"IDAT") - 4] + short) is None


def test_a_wrong_checksum_is_left_to_the_reader() -> None:
    content = bytearray(png(noise(32, 32)))
    content[60] ^= 1
    assert read_plain_png(bytes(content)) is None
