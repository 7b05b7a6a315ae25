"""How many pixels of a photo are decoded; `test_memory.py` reads photos as large as that."""

import pytest

from photos.limits import FORMATS, maximum_pixels


@pytest.mark.parametrize(
    ("image_format", "mode", "most"),
    [
        ("JPEG", "RGB", 60_000_000),
        ("JPEG", "L", 60_000_000),
        ("JPEG", "CMYK", 40_000_000),
        ("MPO", "RGB", 60_000_000),
        ("MPO", "CMYK", 40_000_000),
        ("PNG", "RGBA", 30_000_000),
        ("GIF", "P", 30_000_000),
        ("WEBP", "RGB", 16_000_000),
        ("TIFF", "CMYK", 30_000_000),
        ("BMP", "RGB", 30_000_000),
        ("AVIF", "RGB", 16_000_000),
    ],
)
def test_each_format_has_a_limit_of_its_own(image_format: str, mode: str, most: int) -> None:
    assert maximum_pixels(image_format, mode) == most


def test_no_format_is_read_by_an_external_program() -> None:
    assert set(FORMATS) == {"JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"}
