"""Causes in the pictures, from traits that are made up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from monitoring.judgement.looks import Looks
from monitoring.judgement.pictures import picture_causes
from monitoring.judgement.reference import Reference

COUNT = 100
TIMES = [datetime(2026, 3, 9, tzinfo=UTC) + timedelta(minutes=number) for number in range(COUNT)]


@pytest.fixture
def usual(reference: Reference) -> Looks:
    """A hundred different photos that all look like the mean of the reference."""
    return Looks(reference, np.tile(reference.mean, (COUNT, 1)), np.eye(COUNT, dtype=bool))


def moved(looks: Looks, change: np.ndarray) -> Looks:
    return replace(looks, traits=looks.traits + change)


def test_photos_like_the_mean_have_no_cause(usual: Looks) -> None:
    assert picture_causes(usual, TIMES, COUNT) == []


def test_a_share_of_a_known_change_is_found(usual: Looks) -> None:
    turned = usual.reference.causes.index("turned")
    (cause,) = picture_causes(moved(usual, 0.6 * usual.reference.shifts[turned]), TIMES, COUNT)
    assert (cause.cause, cause.share, cause.serious) == ("turned", pytest.approx(0.6, abs=0.01), True)
    assert cause.text == "pictures are turned by 90°: 60 % of 100 photos"


def test_a_large_difference_that_no_known_change_explains(usual: Looks) -> None:
    known, root = usual.reference.shifts, np.linalg.cholesky(usual.precision)
    white = known @ root
    drawn = np.random.default_rng(0).normal(size=white.shape[1])
    basis = np.linalg.svd(white, full_matrices=False)[2][:40]
    strange = np.linalg.solve(root.T, drawn - basis.T @ (basis @ drawn))
    looks = moved(usual, strange)
    looks = moved(usual, strange * np.sqrt(400 / looks.unlike))
    assert looks.unlike == pytest.approx(400)
    (cause,) = picture_causes(looks, TIMES, COUNT)
    assert cause.cause == "other_things"
    assert "changed in an unknown way" in cause.text
