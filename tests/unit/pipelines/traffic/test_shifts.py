"""Changes of photos: each does something, the stronger the more, and is named after a cause that monitoring finds."""

import numpy as np
import pytest
from PIL import Image

from monitoring.judgement.causes import CAUSES
from pipelines.data.drawing.scene import draw_photo
from pipelines.traffic.shifts import (
    MIXES,
    PHOTO_SHIFTS,
    SHIFTS,
    STRENGTHS,
    brightness,
    enlarged,
    grainy,
    hazy,
    of_all_photos,
    of_shares,
    swapped,
)

PHOTO = Image.fromarray(draw_photo("bicycle", np.random.default_rng(0)))


def changed(name: str, strength: int) -> np.ndarray:
    return np.asarray(PHOTO_SHIFTS[name][strength].change(PHOTO).convert("RGB"), dtype=float)


@pytest.mark.parametrize("name", SHIFTS)
def test_it_is_named_after_a_cause(name: str) -> None:
    assert name in CAUSES or name == "upside_down"
    assert len(PHOTO_SHIFTS.get(name, MIXES.get(name, ()))) == len(STRENGTHS)


@pytest.mark.parametrize("name", PHOTO_SHIFTS)
def test_it_changes_more_the_stronger_it_is(name: str) -> None:
    strengths = PHOTO_SHIFTS[name]
    far = [abs(changed(name, each) - np.asarray(PHOTO)).mean() * strengths[each].share for each in range(3)]
    assert 0 < far[0] < far[1] < far[2]
    assert (changed(name, 2) == changed(name, 2)).all()
    assert changed(name, 2).shape == (32, 32, 3)


def test_the_direction_is_right() -> None:
    level = np.asarray(PHOTO).mean()
    assert changed("dark", 2).mean() < 0.3 * level < level < changed("bright", 0).mean()
    assert (changed("greyscale", 0).std(axis=2) == 0).all()
    assert (changed("channel_order", 0) == np.asarray(PHOTO)[..., ::-1]).all()
    assert (changed("upside_down", 0) == np.asarray(PHOTO)[::-1, ::-1]).all()
    assert (changed("turned", 0) == np.rot90(np.asarray(PHOTO), -1)).all()


def test_haze_hides_a_share_of_each_colour_behind_grey() -> None:
    dark = Image.new("RGB", (1, 1), (5, 8, 12))
    assert hazy(dark, 0.5).getpixel((0, 0)) == (105, 108, 112)
    assert hazy(dark, 1).getpixel((0, 0)) == (205, 208, 212)


def test_noise_has_its_spread_around_the_level() -> None:
    levels = np.asarray(grainy(Image.new("RGB", (64, 64), (100, 100, 100)), 6)).astype(float)
    assert levels.std(axis=(0, 1)) == pytest.approx([6, 6, 6], abs=0.3)
    assert levels.mean() == pytest.approx(99.5, abs=0.2)  # it is rounded down


def test_noise_stays_within_the_levels() -> None:
    white, black = (np.asarray(grainy(Image.new("RGB", (32, 32), colour), 35)) for colour in ("white", "black"))
    assert (white.min() > 90, white.max()) == (True, 255)
    assert (black.min(), black.max() < 165) == (0, True)


def test_scaling_down_takes_more_of_what_is_nearer() -> None:
    """Of four columns, Hamming's window weighs the outer ones by 0.561 and the inner ones by 0.940."""
    columns = Image.fromarray(np.tile(np.array([255, 0, 0, 255], np.uint8), (4, 1)))
    assert set(np.asarray(enlarged(columns, 1)).flat) == {round(255 * 0.561 / (0.561 + 0.940))}


def test_a_change_of_all_photos_has_several_strengths() -> None:
    weak, strong = of_all_photos(brightness, 0.5, 2)
    assert (weak.share, strong.share) == (1, 1)
    grey = Image.new("RGB", (1, 1), (50, 60, 70))
    assert weak.change(grey).getpixel((0, 0)) == (25, 30, 35)
    assert strong.change(grey).getpixel((0, 0)) == (100, 120, 140)


def test_a_change_of_some_photos_has_several_shares() -> None:
    assert [(each.change, each.share) for each in of_shares(swapped)] == [(swapped, 0.1), (swapped, 0.4), (swapped, 1)]
