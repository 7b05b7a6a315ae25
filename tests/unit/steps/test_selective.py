"""The threshold is the smallest that is right often enough."""

import numpy as np
import pytest

from steps.arrays import Labels, Probabilities
from steps.selective import choose_threshold, operate, operations, risk_coverage


def case(*confident: tuple[float, bool]) -> tuple[Labels, Probabilities]:
    """Predictions of the first of two classes with these confidences, right or wrong."""
    confidence = np.array([value for value, _ in confident])
    labels = np.array([0 if right else 1 for _, right in confident])
    return labels, np.column_stack([confidence, 1 - confidence])


CASE = case((0.99, True), (0.9, True), (0.8, False), (0.7, True), (0.6, True), (0.55, False))


@pytest.mark.parametrize(
    ("target", "threshold"),
    [
        (0.99, 0.9),  # the first two are right
        (0.80, 0.6),  # 4 of 5, although 2 of 3 above 0.8 is too few
        (0.75, 0.6),  # 4 of 6 with the last one is too few
        (0.50, 0.55),  # everything
    ],
)
def test_smallest_threshold_that_reaches_the_target(target: float, threshold: float) -> None:
    assert choose_threshold(*CASE, target) == threshold


def test_unreachable_target_sends_everything_to_a_person() -> None:
    labels, probabilities = case((0.9, False), (0.8, True))
    threshold = choose_threshold(labels, probabilities, 0.98)
    assert threshold == 1.0
    assert operate(labels, probabilities, threshold).coverage == 0.0
    assert operate(labels, probabilities, threshold).accuracy == 0.0


def test_equal_confidences_are_accepted_together() -> None:
    labels, probabilities = case((0.9, True), (0.8, True), (0.8, False), (0.7, True))
    assert [point.coverage for point in operations(labels, probabilities)] == [0.25, 0.75, 1.0]
    assert choose_threshold(labels, probabilities, 0.99) == 0.9


def test_operation_points_are_what_their_thresholds_do() -> None:
    generator = np.random.default_rng(0)
    probabilities, labels = generator.dirichlet([1, 1, 1], 150).round(2), generator.integers(0, 3, 150)
    for point in operations(labels, probabilities):
        assert point == operate(labels, probabilities, point.threshold)


def test_curve_is_thin_and_keeps_its_ends() -> None:
    generator = np.random.default_rng(0)
    first = generator.random(1000)
    labels, probabilities = generator.integers(0, 2, 1000), np.column_stack([first, 1 - first])
    curve = risk_coverage(labels, probabilities)
    assert len(curve) == 101
    assert (curve[0].coverage, curve[-1].coverage) == (0.001, 1.0)
