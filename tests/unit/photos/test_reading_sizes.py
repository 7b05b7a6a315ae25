"""Which part of a photo is read, in how many pixels, and how it is reduced to them."""

from math import ceil, floor

import numpy as np
import pytest
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from unit.photos.pictures import colour, decode, encode, solid

from photos.reading import fit, small_square, square


@pytest.mark.parametrize("size", [(300, 100), (100, 300), (1200, 900), (900, 1201), (65, 48)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_largest_square_in_the_middle_is_read(size: tuple[int, int], kind: str) -> None:
    """It is white but for black on its first quarter of columns and last quarter of rows; around it is red."""
    side = min(size)
    left, top = ((length - side) / 2 for length in size)
    picture = solid("RGB", (255, 0, 0), size)
    picture.paste((0, 0, 0), (floor(left), floor(top), ceil(left) + side, ceil(top) + side))
    picture.paste((255, 255, 255), (round(left + side / 4), floor(top), ceil(left) + side, round(top + side * 3 / 4)))
    photo = square(encode(picture, kind, **({"subsampling": 0} if kind == "JPEG" else {})), 32)
    assert (photo.width, photo.height, photo.image.size) == (*size, (32, 32))
    pixels = np.asarray(photo.image).astype(int)
    assert np.abs(pixels[..., 0] - pixels[..., 1]).max() < 40
    assert pixels[:23, 9:].min() > 200
    assert max(pixels[:, :7].max(), pixels[25:].max()) < 55


@pytest.mark.parametrize(("size", "side"), [((300, 100), 96), ((96, 97), 96), ((90, 200), 90), ((7, 9), 7)])
def test_a_small_square_is_never_enlarged(size: tuple[int, int], side: int) -> None:
    rng = np.random.default_rng(5)
    content = encode(Image.fromarray(rng.integers(0, 256, (*size[::-1], 3), np.uint8)), "PNG")
    photo = small_square(content, 96)
    assert (photo.image.size, photo.width, photo.height) == ((side, side), *size)
    assert np.abs(decode(encode(photo.image, "PNG")).astype(int) - decode(content)).mean() < 8


def test_a_thin_photo_has_a_square() -> None:
    picture = solid("RGB", (255, 0, 0), (3001, 1))
    picture.putpixel((1500, 0), (0, 0, 255))
    assert colour(encode(picture, "PNG")) == [0, 0, 255]


def test_a_thin_photo_keeps_a_pixel() -> None:
    photo = fit(encode(solid("RGB", (9, 9, 9), (3000, 2)), "PNG"), 96)
    assert (photo.image.size, photo.width, photo.height) == ((96, 1), 3000, 2)
    assert fit(encode(solid("RGB", (9, 9, 9), (2, 3000)), "PNG"), 96).image.size == (1, 96)


@pytest.mark.parametrize("size", [(4001, 3001), (1999, 333), (33, 31), (128, 128)])
def test_reducing_first_hardly_changes_the_pixels(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(2)
    photo = Image.fromarray(rng.integers(0, 256, (40, 60, 3), np.uint8)).resize(size, Image.Resampling.BICUBIC)
    exact = np.asarray(ImageOps.fit(photo, (32, 32), Image.Resampling.BICUBIC)).astype(int)
    difference = np.abs(decode(encode(photo, "PNG", compress_level=1)) - exact)
    assert difference.mean() < 1
    assert difference.max() <= 16  # at the edges of noise; photos are smoother


@pytest.mark.parametrize(("size", "fitting"), [((2400, 600), (96, 24)), ((600, 2400), (24, 96))])
def test_a_photo_in_its_own_proportions_is_reduced_alike_in_both(
    size: tuple[int, int], fitting: tuple[int, int]
) -> None:
    photo = noise(size)
    exact = np.asarray(photo.resize(fitting, Image.Resampling.LANCZOS)).astype(int)
    fitted = np.asarray(fit(encode(photo, "PNG", compress_level=1), 96).image)
    assert np.abs(fitted - exact).mean() < 0.6


@pytest.mark.parametrize("size", [(301, 256), (257, 300), (1301, 1156)])
def test_a_square_that_begins_and_ends_between_two_pixels_is_exactly_in_the_middle(size: tuple[int, int]) -> None:
    """Both sides are reduced by another number first; the largest one is so tile by tile."""
    photo, side = noise(size), min(size)
    left, top = ((length - side) / 2 for length in size)
    middle = photo.crop((floor(left), floor(top), ceil(left) + side, ceil(top) + side))
    left, top = left - floor(left), top - floor(top)
    exact = middle.resize((32, 32), Image.Resampling.BICUBIC, (left, top, left + side, top + side))
    assert np.abs(decode(encode(photo, "PNG", compress_level=1)) - np.asarray(exact).astype(int)).max() <= 3


def noise(size: tuple[int, int]) -> Image.Image:
    """A picture of smooth noise."""
    pixels = np.random.default_rng(4).integers(0, 256, (24, 24, 3), dtype=np.uint8)
    return Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)


def last_column(content: bytes) -> float:
    """Mean level of the last column of pixels."""
    return float(decode(content)[:, -1].mean())


def test_what_is_left_over_by_reducing_counts_as_much_as_it_is() -> None:
    """The white column is 1 of 383; taken for 1 of the 192 in the reduced picture, it would count 31."""
    picture = solid("RGB", (0, 0, 0), (383, 383))
    picture.paste((255, 255, 255), (382, 0, 383, 383))
    assert 20 < last_column(encode(picture, "PNG")) < 28


def test_a_large_jpeg_is_decoded_at_a_fraction_of_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 3201 columns the last one is white; at an eighth of the size it is 1 of 401, and would count 50."""
    picture = solid("RGB", (0, 0, 0), (3201, 1600))
    picture.paste((255, 255, 255), (3200, 0, 3201, 1600))
    content = encode(picture, "JPEG", quality=95)
    decoded: list[tuple[int, int]] = []
    load = JpegImageFile.load

    def record(image: JpegImageFile) -> object:
        decoded.append(image.size)
        return load(image)

    monkeypatch.setattr(JpegImageFile, "load", record)
    photo = fit(content, 96).image
    assert decoded[0] == (401, 200)
    assert np.asarray(photo)[:, -1].mean() < 40


def test_small_photos_are_resized_by_the_better_filter_alone() -> None:
    photo = Image.fromarray(np.random.default_rng(3).integers(0, 256, (100, 200, 3), dtype=np.uint8))
    fitted = np.asarray(fit(encode(photo, "PNG"), 96).image)
    assert np.array_equal(fitted, np.asarray(photo.resize((96, 48), Image.Resampling.LANCZOS)))
    middle = photo.crop((50, 0, 150, 100)).resize((96, 96), Image.Resampling.LANCZOS)
    assert np.array_equal(np.asarray(small_square(encode(photo, "PNG"), 96).image), np.asarray(middle))
