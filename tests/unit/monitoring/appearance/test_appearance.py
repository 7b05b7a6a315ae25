"""What photos look like does not depend on the side from which they were taken, nor on their company."""

import numpy as np
import pytest

from monitoring.appearance import changes
from monitoring.appearance.appearance import appearance

NOISE = np.random.default_rng(0).integers(0, 256, (5, 4, 4, 3)).repeat(8, 1).repeat(8, 2).astype(np.uint8)


def test_mirrored_photos_look_the_same() -> None:
    for found, mirrored in zip(appearance(NOISE), appearance(NOISE[:, :, ::-1]), strict=True):
        assert np.abs(found - mirrored).mean() < 0.01


def test_photos_look_the_same_in_any_company() -> None:
    many = np.concatenate([NOISE] * 60)
    for alone, together in zip(appearance(NOISE[:1]), appearance(many), strict=True):
        assert np.allclose(together[295], alone[0], atol=1e-5)


@pytest.mark.parametrize("level", [0, 255])
def test_even_photos_have_finite_numbers(level: int) -> None:
    even = np.full((2, 32, 32, 3), level, np.uint8)
    assert all(np.isfinite(found).all() for found in appearance(even))


def test_every_change_gives_photos() -> None:
    for change in (*(change for _, change in changes.changes()), *changes.harmless_changes()):
        changed = change(NOISE[:2])
        assert (changed.shape, changed.dtype) == ((2, 32, 32, 3), np.uint8)


def test_harmless_moves_are_small() -> None:
    moved = changes.moved(NOISE)
    assert np.abs(moved.astype(int) - NOISE).mean() < 1
