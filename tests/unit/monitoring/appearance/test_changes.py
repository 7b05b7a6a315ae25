"""What each change does to the pixels of photos."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from monitoring.appearance import changes
from monitoring.features.pixels import Pixels

NOISE = np.random.default_rng(0).integers(0, 256, (5, 4, 4, 3)).repeat(8, 1).repeat(8, 2).astype(np.uint8)
GREY = np.full((2, 32, 32, 3), 100, np.uint8)


def even(change: changes.Change, level: int = 100) -> float:
    """The level that a change makes of photos of one level."""
    found = change(np.full((2, 32, 32, 3), level, np.uint8))
    assert np.ptp(found) == 0
    return float(found[0, 0, 0, 0])


def test_every_change_gives_photos() -> None:
    for change in (*(change for _, change in changes.changes()), *changes.harmless_changes()):
        changed = change(NOISE[:2])
        assert (changed.shape, changed.dtype) == ((2, 32, 32, 3), np.uint8)


def test_changes_leave_the_photos_that_they_are_given() -> None:
    before = NOISE.copy()
    for change in (*(change for _, change in changes.changes()), *changes.harmless_changes()):
        change(NOISE)
    assert np.array_equal(NOISE, before)


def test_levels_times_a_factor_plus_an_offset() -> None:
    assert even(lambda pixels: changes.scaled(pixels, 0.5)) == 50
    assert even(lambda pixels: changes.scaled(pixels, 1.0, 40)) == 140
    assert even(lambda pixels: changes.scaled(pixels, 3.0)) == 255
    assert even(lambda pixels: changes.scaled(pixels, 1.0, -120)) == 0
    assert even(lambda pixels: changes.scaled(pixels, 0.518)) == 52  # 51.8, rounded


def test_gamma_leaves_black_and_white() -> None:
    def bent(pixels: Pixels) -> Pixels:
        return changes.bent(pixels, 2.0)

    assert [even(bent, level) for level in (0, 128, 255)] == [0, 64, 255]


def test_haze_moves_levels_towards_one() -> None:
    assert even(lambda pixels: changes.faded(pixels, 0.5, 200)) == 150
    assert even(lambda pixels: changes.faded(pixels, 0.25, 200)) == 125
    halves = np.concatenate([GREY[:, :16], 2 * GREY[:, 16:]], axis=1)
    towards_mean = changes.faded(halves, 0.5, None)
    assert np.unique(towards_mean).tolist() == [125, 175]
    several = changes.faded(np.concatenate([GREY, 2 * GREY]), 0.5, None)  # each photo has a mean of its own
    assert np.unique(several).tolist() == [100, 200]


def test_motion_blurs_five_pixels_of_a_row() -> None:
    dot = np.zeros((1, 32, 32, 3), np.uint8)
    dot[0, 10, 20] = 250
    smeared = changes.smeared(dot)[0, :, :, 0]
    assert np.argwhere(smeared).tolist() == [[10, column] for column in range(18, 23)]
    assert np.unique(smeared).tolist() == [0, 50]
    edge = np.zeros((1, 32, 32, 3), np.uint8)
    edge[:, :, 0] = 200
    assert changes.smeared(edge)[0, 0, :4, 0].tolist() == [120, 80, 40, 0]


def test_noise_spreads_as_far_as_it_says() -> None:
    of_each, together = changes.noisy(GREY, 10), changes.noisy(GREY, 10, channels=1)
    for found in (of_each, together):
        assert found.std() == pytest.approx(10, abs=0.5)
        assert found.mean() == pytest.approx(100, abs=0.5)
    assert (of_each[..., 0] != of_each[..., 1]).mean() > 0.9
    assert (together[..., 0] == together[..., 1]).all()
    assert np.array_equal(changes.noisy(GREY, 10), of_each)


def test_specks_are_black_or_white() -> None:
    speckled = changes.speckled(np.repeat(GREY, 10, axis=0), 0.2)
    black, white = (speckled == 0).all(axis=3), (speckled == 255).all(axis=3)
    assert (speckled == 100).all(axis=3).mean() == pytest.approx(0.8, abs=0.02)
    assert black.mean() == pytest.approx(0.1, abs=0.01)
    assert white.mean() == pytest.approx(0.1, abs=0.01)
    assert np.array_equal(changes.speckled(NOISE, 0.2), changes.speckled(NOISE, 0.2))


def test_compression_keeps_less_the_lower_its_quality() -> None:
    fine = NOISE.copy()
    fine[:, ::2] //= 2
    errors = [np.abs(changes.compressed(fine, quality).astype(int) - fine).mean() for quality in (95, 50, 6)]
    assert 0 < errors[0] < errors[1] < errors[2]


def test_fewer_pixels() -> None:
    nearest = Image.Resampling.NEAREST
    assert np.array_equal(changes.rescaled(NOISE, 4, (Image.Resampling.BOX, nearest)), NOISE)
    coarse = changes.rescaled(NOISE, 2, (Image.Resampling.BOX, nearest))
    assert len(np.unique(coarse[0].reshape(-1, 3), axis=0)) == 4
    smooth = changes.rescaled(NOISE, 4, (Image.Resampling.BOX, Image.Resampling.BICUBIC))
    assert len(np.unique(smooth[0].reshape(-1, 3), axis=0)) > 100


def test_turned_and_exchanged() -> None:
    assert np.array_equal(changes.sideways(NOISE)[1], np.rot90(NOISE[1]))
    assert np.array_equal(changes.upside_down(NOISE)[1], NOISE[1, ::-1, ::-1])
    assert np.array_equal(changes.exchanged(NOISE)[..., 0], NOISE[..., 2])
    grey = changes.greyscale(NOISE)
    assert (grey[..., 0] == grey[..., 1]).all()
    assert np.abs(grey[..., 0] - NOISE @ [0.299, 0.587, 0.114]).max() <= 1


def test_filters_are_pillows() -> None:
    blurred = np.asarray(Image.fromarray(NOISE[3]).filter(ImageFilter.GaussianBlur(2)))
    assert np.array_equal(changes.filtered(NOISE, ImageFilter.GaussianBlur(2))[3], blurred)


def smooth() -> Pixels:
    """A photo with one bright spot, right of and above the middle."""
    rows, columns = np.mgrid[:32, :32]
    spot = 255 * np.exp(-((rows - 10) ** 2 + (columns - 22) ** 2) / 18)
    return np.repeat(spot[None, ..., None], 3, axis=3).astype(np.uint8)


def middle(pixels: Pixels) -> tuple[float, float]:
    """Row and column of the spot."""
    weights = pixels[0, ..., 0].astype(float)
    rows, columns = np.mgrid[:32, :32]
    return float((weights * rows).sum() / weights.sum()), float((weights * columns).sum() / weights.sum())


def test_harmless_moves() -> None:
    assert np.abs(changes.moved(NOISE).astype(int) - NOISE).mean() < 1
    start = middle(smooth())
    row, column = middle(changes.moved(smooth(), shift=3))
    assert (start[0] - row, start[1] - column) == (pytest.approx(3, abs=0.2), pytest.approx(3, abs=0.2))
    row, column = middle(changes.moved(smooth(), shift=0.5))
    assert (start[0] - row, start[1] - column) == (pytest.approx(0.5, abs=0.1), pytest.approx(0.5, abs=0.1))
    row, column = middle(changes.moved(smooth(), zoom=1.2))  # away from the middle of the photo
    assert (row - 15.5, column - 15.5) == (pytest.approx(1.2 * -5.5, abs=0.2), pytest.approx(1.2 * 6.5, abs=0.2))
    row, column = middle(changes.moved(smooth(), angle=10))
    turned = np.array([[np.cos(0.1745), np.sin(0.1745)], [-np.sin(0.1745), np.cos(0.1745)]]) @ [-5.5, 6.5]
    assert [row - 15.5, column - 15.5] == pytest.approx(turned, abs=0.2)
    row, column = middle(changes.moved(smooth(), angle=10, zoom=1.2))
    assert [row - 15.5, column - 15.5] == pytest.approx(1.2 * turned, abs=0.2)


def test_where_nothing_moves_in_the_old_pixels_stay() -> None:
    moved = changes.moved(NOISE, shift=4)
    assert np.array_equal(moved[:, -4:], NOISE[:, -4:])
    assert np.array_equal(moved[:, :, -4:], NOISE[:, :, -4:])
    assert (moved[:, :27, :27] != NOISE[:, :27, :27]).any()


def test_changes_have_the_strengths_of_their_kinds() -> None:
    """The levels of a grey photo, the mildest and the strongest of a kind, and how many there are."""
    named = list(changes.changes())
    of_kind = {cause: [change for each, change in named if each == cause] for cause, _ in named}
    assert {cause: len(of_kind[cause]) for cause in of_kind} == {
        "dark": 10, "bright": 10, "low_contrast": 16, "blur": 15, "noise": 9, "compression": 6,
        "low_resolution": 52, "turned": 2, "greyscale": 1, "channel_order": 1,
    }  # fmt: skip
    assert [even(change) for change in of_kind["dark"]] == [75, 55, 35, 20, 10, 57, 25, 6, 65, 30]
    assert [even(change) for change in of_kind["bright"]] == [130, 160, 220, 255, 139, 175, 202, 140, 180, 220]
    assert [even(change) for change in of_kind["low_contrast"]] == [
        100, 108, 127, 138, 100, 114, 145, 162, 100, 120, 163, 188, 100, 124, 176, 206,
    ]  # fmt: skip
    spreads = [float(change(GREY).std()) for change in of_kind["noise"]]
    assert spreads[:7] == pytest.approx([5, 9, 16, 28, 44, 10, 25], rel=0.05)
    assert [bool((change(GREY)[..., 0] == change(GREY)[..., 1]).all()) for change in of_kind["noise"][4:7]] == [
        False,
        True,
        True,
    ]
    assert given(of_kind["bright"][:4], "factor") == [1.3, 1.6, 2.2, 3.0]
    assert [kind.radius for kind in given(of_kind["blur"][:14], "kind")] == [*changes.SOFT, 1, 2]
    assert given(of_kind["noise"][:7], "spread") == [5, 9, 16, 28, 45, 10, 25]
    assert given(of_kind["noise"][7:], "share") == [0.02, 0.08]
    assert given(of_kind["compression"], "quality") == [70, 50, 30, 20, 12, 6]
    sides = [24, 22, 20, 18, 16, 14, 12, 11, 10, 9, 8, 7, 6]
    assert given(of_kind["low_resolution"], "side") == [side for side in sides for _ in changes.SCALINGS]
    assert given(of_kind["low_resolution"], "ways") == [*changes.SCALINGS] * len(sides)


def given(chosen: list[changes.Change], name: str) -> list[Any]:
    """What some changes are given by this name."""
    return [change.keywords[name] for change in chosen if isinstance(change, partial)]


def test_harmless_changes_are_small() -> None:
    harmless = list(changes.harmless_changes())
    assert [even(change) for change in harmless] == [88, 112, 90, 110, 112, 89, 97, 103, 100, 100, 100, 100, 100, 100]
    assert [change.keywords for change in harmless[6:] if isinstance(change, partial)] == [
        {"share": -0.1, "level": 128},
        {"share": 0.1, "level": 128},
        {"quality": 95},
        {"angle": 4},
        {"shift": 0.5},
        {"zoom": 1.06},
        {"angle": 2, "zoom": 0.95, "shift": 1.3},
        {"shift": (1, 1), "axis": (1, 2)},
    ]
