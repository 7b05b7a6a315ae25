"""Copies of held-out photos, and the mixture that they make."""

import numpy as np
import pytest

from steps.arrays import Images
from steps.robustness.changes import change
from steps.robustness.copies import CLEAN, KINDS_EACH, WAYS, Copies, make_copies, plan_copies, shares


def test_photos_of_the_classes_are_copied_in_several_kinds_and_others_in_one() -> None:
    copies = plan_copies(np.array([True] * 400 + [False] * 100), seed=1)
    counts = np.bincount(copies.rows)
    assert set(counts[:400]) == {1 + KINDS_EACH}
    assert set(counts[400:]) == {2}
    kinds = {WAYS[way - 1][0] for way in copies.take(copies.rows == 7).ways if way != CLEAN}
    assert len(kinds) == KINDS_EACH
    numbers = np.bincount(copies.ways, minlength=len(WAYS) + 1)[1:]
    assert numbers.min() > 45  # of 75 on average: all kinds, half of each mild, half middle
    assert numbers.max() < 105
    assert (copies.ways == CLEAN).sum() == 500


def test_copies_are_changed_in_their_way(images: Images) -> None:
    made = make_copies(images, Copies(np.array([4, 1, 4]), np.array([CLEAN, 3, 3])), seed=9)
    np.testing.assert_array_equal(made[0], images[4])
    np.testing.assert_array_equal(made[1:], change(images[[1, 4]], WAYS[2], 9))


def test_in_the_mixture_each_photo_counts_once_and_three_quarters_are_clean() -> None:
    copies = plan_copies(np.array([True] * 20 + [False] * 5), seed=1)
    found = shares(copies)
    assert np.bincount(copies.rows, found) == pytest.approx(1)
    assert found[copies.ways == CLEAN] == pytest.approx(0.75)
    assert found[(copies.ways != CLEAN) & (copies.rows < 20)] == pytest.approx(0.25 / KINDS_EACH)


def test_a_photo_without_changed_copies_counts_as_much() -> None:
    assert shares(Copies(np.array([0, 0, 3]), np.array([CLEAN, 2, CLEAN]))) == pytest.approx([0.75, 0.25, 1])


def test_the_same_seed_makes_the_same_copies() -> None:
    known = np.array([True] * 20 + [False] * 5)
    first, again, other = (plan_copies(known, seed) for seed in (1, 1, 2))
    assert (first.rows.tolist(), first.ways.tolist()) == (again.rows.tolist(), again.ways.tolist())
    assert first.ways.tolist() != other.ways.tolist()


def test_the_copies_of_some_photos() -> None:
    found = Copies(np.array([0, 1, 2, 1]), np.array([CLEAN, CLEAN, 3, 4])).of(np.array([1, 7]))
    assert (found.rows.tolist(), found.ways.tolist()) == ([1, 1], [CLEAN, 4])
