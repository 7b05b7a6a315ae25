"""Files that are no photos, are damaged or would take too much memory are refused by `serialize_image`."""

import random

import pytest
from PIL import Image
from unit.lambdas.context import CONTEXT
from unit.lambdas.serialize_image.pictures import Encode, Put, decoded, noise

from lambdas.serialize_image.handler import handler
from lambdas.serialize_image.service import to_small_png
from lambdas.shared.errors import PhotoTooLarge, PhotoUnreadable
from photos.limits import FORMATS


@pytest.mark.parametrize("content", [b"", b"no photo", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"GIF89a", b"<svg/>"])
def test_no_photo(content: bytes, put: Put) -> None:
    with pytest.raises(PhotoUnreadable, match="not a readable photo"):
        handler(put(content), CONTEXT)


def test_formats_that_run_programs_are_not_read(encode: Encode) -> None:
    assert "EPS" not in FORMATS
    with pytest.raises(PhotoUnreadable):
        to_small_png(encode(Image.new("RGB", (8, 8)), "EPS"))


def test_floating_point_pixels_are_refused(encode: Encode) -> None:
    with pytest.raises(PhotoUnreadable, match="floating-point"):
        to_small_png(encode(Image.new("F", (8, 8), 0.5), "TIFF"))


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("file_format", FORMATS)
def test_damaged_photos_never_end_in_another_error(file_format: str, encode: Encode) -> None:
    intact, dice = encode(noise(40, 40), file_format), random.Random(file_format)
    unreadable = 0
    for _ in range(150):
        damaged = bytearray(intact[: dice.randrange(1, len(intact))] if dice.random() < 0.3 else intact)
        for _ in range(dice.randrange(1, 12)):
            damaged[dice.randrange(min(len(damaged), 400))] = dice.randrange(256)
        try:
            to_small_png(bytes(damaged))
        except (PhotoUnreadable, PhotoTooLarge):
            unreadable += 1
    assert unreadable > 0


def test_a_decompression_bomb_is_refused_by_its_header(encode: Encode) -> None:
    bomb = encode(Image.new("1", (20_000, 20_000)), "PNG")
    assert len(bomb) < 100_000
    with pytest.raises(PhotoTooLarge, match="exceeds limit"):
        to_small_png(bomb)


def test_large_photos_of_phones_are_read_and_other_large_pictures_are_not(encode: Encode) -> None:
    photo = Image.new("L", (8_160, 6_120), 128)
    assert decoded(to_small_png(encode(photo, "JPEG"))).size == (224, 224)
    with pytest.raises(PhotoTooLarge, match="of PNG at most 30,000,000"):
        to_small_png(encode(photo, "PNG"))
