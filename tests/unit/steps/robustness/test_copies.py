"""Copies of held-out photos, and the mixture in which each photo counts once."""

import numpy as np

from steps.arrays import Images
from steps.robustness.changes import KINDS, change
from steps.robustness.copies import CLEAN, WAYS, Copies, draw_mixture, make_copies, plan_copies


def test_photos_of_the_classes_are_copied_in_every_kind_and_others_in_one() -> None:
    copies = plan_copies(np.array([True] * 400 + [False] * 100), seed=1)
    counts = np.bincount(copies.rows)
    assert set(counts[:400]) == {1 + len(KINDS)}
    assert set(counts[400:]) == {2}
    kinds = [WAYS[way - 1][0] for way in copies.take(copies.rows == 7).ways if way != CLEAN]
    assert kinds == list(KINDS)
    assert np.bincount(copies.ways, minlength=len(WAYS) + 1).min() > 150  # of each kind, half are mild, half middle
    assert (copies.ways == CLEAN).sum() == 500


def test_copies_are_changed_in_their_way(images: Images) -> None:
    made = make_copies(images, Copies(np.array([4, 1, 4]), np.array([CLEAN, 3, 3])), seed=9)
    np.testing.assert_array_equal(made[0], images[4])
    np.testing.assert_array_equal(made[1:], change(images[[1, 4]], WAYS[2], 9))


def test_in_the_mixture_each_photo_counts_once_and_three_quarters_are_clean() -> None:
    copies = plan_copies(np.ones(2000, dtype=np.bool_), seed=1)
    drawn = draw_mixture(copies, seed=1)
    np.testing.assert_array_equal(copies.rows[drawn], np.arange(2000))
    ways = copies.ways[drawn]
    assert 0.71 < (ways == CLEAN).mean() < 0.79
    changed = np.bincount((ways[ways != CLEAN] - 1) // 2, minlength=len(KINDS))
    assert changed.min() > 15  # of about 36 photos of each kind
    assert (drawn != draw_mixture(copies, seed=2)).any()
