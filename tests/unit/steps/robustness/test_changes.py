"""Photos changed as cameras and weather change them: by as much as they say, the same each time."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from steps.arrays import Images
from steps.robustness.changes import KINDS, STRENGTHS, change


@pytest.fixture(scope="module")
def photos() -> Images:
    """Sixteen smooth photos, in which noise and edges can be told from what was there."""
    noise = np.random.default_rng(0).integers(0, 256, (16, 32, 32, 3), dtype=np.uint8)
    return np.stack([np.asarray(Image.fromarray(each).filter(ImageFilter.GaussianBlur(1))) for each in noise])


@pytest.mark.parametrize("kind", KINDS)
def test_stronger_changes_change_more(kind: str, photos: Images) -> None:
    changed = [change(photos, (kind, strength)) for strength in STRENGTHS]
    assert all(each.shape == photos.shape and each.dtype == np.uint8 for each in changed)
    distances = [float(np.abs(each.astype(float) - photos).mean()) for each in changed]
    assert 0 < distances[0] < distances[1] < distances[2]


@pytest.mark.parametrize("kind", KINDS)
def test_same_seed_same_pixels(kind: str, photos: Images) -> None:
    before = photos.copy()
    np.testing.assert_array_equal(change(photos, (kind, 2), seed=3), change(photos, (kind, 2), seed=3))
    np.testing.assert_array_equal(change(photos, (kind, 2)), change(photos, (kind, 2), seed=0))
    np.testing.assert_array_equal(photos, before)


def test_another_seed_draws_other_noise(photos: Images) -> None:
    assert (change(photos, ("noise", 1), seed=1) != change(photos, ("noise", 1), seed=2)).any()
