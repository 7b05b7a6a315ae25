"""What a threshold accepts, and how much of that is right."""

import numpy as np
import pytest

from steps.arrays import Labels, Probabilities
from steps.classifier.selective import (
    OperatingPoint,
    operating_point,
    operating_points,
    risk_coverage,
)


def case(*confident: tuple[float, bool]) -> tuple[Labels, Probabilities]:
    """Predictions of the first of two classes with these confidences, right or wrong."""
    confidence = np.array([value for value, _ in confident])
    labels = np.array([0 if right else 1 for _, right in confident])
    return labels, np.column_stack([confidence, 1 - confidence])


def test_equal_confidences_are_accepted_together() -> None:
    labels, probabilities = case((0.9, True), (0.8, True), (0.8, False), (0.7, True))
    assert [point.coverage for point in operating_points(labels, probabilities)] == [0.25, 0.75, 1.0]


def test_operation_points_are_what_their_thresholds_do() -> None:
    generator = np.random.default_rng(0)
    probabilities, labels = generator.dirichlet([1, 1, 1], 150).round(2), generator.integers(0, 3, 150)
    for point in operating_points(labels, probabilities):
        assert point == operating_point(labels, probabilities, point.threshold)


def test_curve_is_thin_and_keeps_its_ends() -> None:
    generator = np.random.default_rng(0)
    first = generator.random(1000)
    labels, probabilities = generator.integers(0, 2, 1000), np.column_stack([first, 1 - first])
    curve = risk_coverage(labels, probabilities)
    assert len(curve) == 101
    assert (curve[0].coverage, curve[-1].coverage) == (0.001, 1.0)


def test_a_photo_at_the_threshold_is_accepted() -> None:
    predictions = case((0.9, True), (0.8, False), (0.7, True))
    assert operating_point(*predictions, 0.8) == OperatingPoint(0.8, pytest.approx(2 / 3), 0.5)
    assert operating_point(*predictions, 0.95) == OperatingPoint(0.95, 0.0, 0.0)
