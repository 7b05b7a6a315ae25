"""What each change does to a photo, and how much: mild, middle and strong ones, worked out by hand."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageFilter

from steps.arrays import Images
from steps.robustness.changes import STRENGTHS, change

GREY = np.full((300, 32, 32, 3), 97, np.uint8)
DRAWN = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)


def changed(kind: str, photos: Images = GREY) -> list[np.ndarray]:
    """The photos after a mild, a middle and a strong change."""
    return [change(photos, (kind, strength)) for strength in STRENGTHS]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("dark", [58, 39, 19]),  # of 97, 60, 40 and 20 %
        ("bright", [126, 155, 213]),  # 130, 160 and 220 %
        ("low_contrast", [109, 115, 121]),  # 60, 40 and 20 % of the distance from the middle, 127.5
        ("haze", [[131, 133, 135], [153, 157, 161], [175, 181, 186]]),  # 30, 50 and 70 % of a bluish white
    ],
)
def test_light(kind: str, values: list[int] | list[list[int]]) -> None:
    for found, value in zip(changed(kind), values, strict=True):
        assert (found == value).all()


def test_gamma_makes_some_photos_lighter_and_as_many_darker() -> None:
    for found, power in zip(changed("gamma"), (1.4, 1.8, 2.4), strict=True):
        darker, lighter = (round(255 * (97 / 255) ** exponent) for exponent in (power, 1 / power))
        assert set(np.unique(found)) == {darker, lighter}
        assert 0.4 < (found[:, 0, 0, 0] == darker).mean() < 0.6


def test_noise_has_its_spread() -> None:
    for found, spread in zip(changed("noise"), (0.025, 0.05, 0.1), strict=True):
        assert found.std() == pytest.approx(255 * spread, rel=0.02)
        assert found.mean() == pytest.approx(97, abs=0.2)


def test_few_photons_make_the_noise_of_a_poisson_distribution() -> None:
    for found, photons in zip(changed("few_photons"), (120, 60, 30), strict=True):
        assert found.std() == pytest.approx(255 * np.sqrt(97 / 255 / photons), rel=0.003)
        assert found.mean() == pytest.approx(97, abs=0.2)


def test_wrong_pixels_are_off_or_full_in_each_colour() -> None:
    for found, share in zip(changed("wrong_pixels"), (0.01, 0.02, 0.05), strict=True):
        assert set(np.unique(found)) == {0, 97, 255}
        wrong = (found != 97).any(axis=3)
        assert wrong.mean() == pytest.approx(share, rel=0.05)
        assert (found[wrong] != 97).all()
        assert found[wrong].mean() == pytest.approx(127.5, abs=3)


def test_motion_spreads_a_point_along_a_row_or_a_column() -> None:
    point = np.zeros((40, 32, 32, 3), np.uint8)
    point[:, 16, 10] = 255
    for found, path in zip(changed("motion", point), ([64, 128, 64], [85] * 3, [51] * 5), strict=True):
        reach = len(path) // 2
        across, down = np.zeros((2, 32, 32, 3), np.uint8)
        across[16, 10 - reach : 11 + reach] = down[16 - reach : 17 + reach, 10] = np.array(path)[:, None]
        moved_across, moved_down = ((found == each).all(axis=(1, 2, 3)) for each in (across, down))
        assert (moved_across ^ moved_down).all()
        assert 0.25 < moved_across.mean() < 0.75


def small(photo: Image.Image, side: int, resampling: Image.Resampling) -> Image.Image:
    return photo.resize((side, side), resampling)


@pytest.mark.parametrize(
    ("kind", "work", "amounts"),
    [
        ("blur", lambda photo, radius: photo.filter(ImageFilter.GaussianBlur(radius)), (0.6, 0.9, 1.4)),
        (
            "low_resolution",
            lambda photo, side: small(photo, side, Image.Resampling.BOX).resize((32, 32), Image.Resampling.BICUBIC),
            (22, 16, 11),
        ),
        ("smaller", lambda photo, side: _within_its_edge(small(photo, side, Image.Resampling.LANCZOS)), (26, 22, 18)),
    ],
)
def test_detail_is_lost(kind: str, work: Callable[[Image.Image, float], Image.Image], amounts: list[float]) -> None:
    for found, amount in zip(changed(kind, DRAWN), amounts, strict=True):
        np.testing.assert_array_equal(found, [np.asarray(work(Image.fromarray(each), amount)) for each in DRAWN])


def _within_its_edge(photo: Image.Image) -> np.ndarray:
    """A photo in the middle of a larger one, which goes on as the photo's edge ends."""
    before = (32 - photo.width) // 2
    places = np.clip(np.arange(32) - before, 0, photo.width - 1)
    return np.asarray(photo)[places][:, places]


def test_photos_are_compressed_more_and_more() -> None:
    for found, quality in zip(changed("jpeg", DRAWN), (60, 30, 12), strict=True):
        for photo, expected in zip(found, DRAWN, strict=True):
            Image.fromarray(expected).save(buffer := io.BytesIO(), "JPEG", quality=quality)
            np.testing.assert_array_equal(photo, np.asarray(Image.open(buffer)))


def test_a_square_of_one_colour_covers_a_part_anywhere() -> None:
    for found, side in zip(changed("covered"), (8, 11, 15), strict=True):
        covered = (found != 97).any(axis=3)
        rows, columns = covered.any(axis=2), covered.any(axis=1)
        whole = covered.any(axis=(1, 2))  # a square may have the photo's own colour
        assert whole.mean() > 0.98
        assert (covered == rows[:, :, None] & columns[:, None, :]).all()
        for places in (rows[whole], columns[whole]):
            first = places.argmax(axis=1)
            assert (places.sum(axis=1) == side).all()
            assert (first.min(), first.max()) == (0, 32 - side)
        colours = found[covered][:: side * side]
        assert len(np.unique(colours, axis=0)) > 100
        assert (colours == colours[:, :1]).all()
        assert 0.1 * 255 - 1 < colours.min() < 0.2 * 255
        assert 0.8 * 255 < colours.max() < 0.9 * 255 + 1


def test_no_light_is_less_than_none_or_more_than_full() -> None:
    black, white = np.zeros((4, 32, 32, 3), np.uint8), np.full((4, 32, 32, 3), 255, np.uint8)
    assert change(black, ("noise", 3)).max() < 150
    assert change(white, ("noise", 3)).min() > 105
    assert (change(white, ("bright", 3)) == 255).all()
