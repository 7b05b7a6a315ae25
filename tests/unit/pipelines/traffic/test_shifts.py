"""Changes of photos: each does something, the stronger the more, and is named after a cause that monitoring finds."""

import numpy as np
import pytest
from PIL import Image

from monitoring.judgement.causes import CAUSES
from pipelines.data.drawing.scene import draw_photo
from pipelines.traffic.shifts import MIXES, PHOTO_SHIFTS, SHIFTS, STRENGTHS

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
