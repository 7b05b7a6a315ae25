"""Deciding only where the model is confident: coverage, what is right among it, and the threshold between."""

from dataclasses import dataclass

import numpy as np

from steps.arrays import Labels, Probabilities

UNREACHED_THRESHOLD = 1.0
CURVE_POINTS = 101


@dataclass(frozen=True)
class Operation:
    """What a confidence threshold does: share of images at or above it, and share of those that are right."""

    threshold: float
    coverage: float
    accuracy: float


def operate(labels: Labels, probabilities: Probabilities, threshold: float) -> Operation:
    """What this threshold does to these images; the accuracy of none is 0."""
    accepted = probabilities.max(axis=1) >= threshold
    right = probabilities.argmax(axis=1) == labels
    return Operation(threshold, float(accepted.mean()), float(right[accepted].mean()) if accepted.any() else 0.0)


def operations(labels: Labels, probabilities: Probabilities) -> tuple[Operation, ...]:
    """Every threshold that makes a difference, from the highest, with the smallest coverage, to the lowest."""
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    right = np.cumsum((probabilities.argmax(axis=1) == labels)[order])
    confidence = confidence[order]
    # Images of equal confidence are accepted together: only the last of them ends a group.
    ends = np.flatnonzero(np.append(confidence[1:] != confidence[:-1], True))
    return tuple(
        Operation(float(confidence[end]), float((end + 1) / len(labels)), float(right[end] / (end + 1))) for end in ends
    )


def risk_coverage(labels: Labels, probabilities: Probabilities) -> tuple[Operation, ...]:
    """The risk–coverage curve (El-Yaniv and Wiener, 2010), thinned to at most 101 points; risk is 1 - accuracy."""
    points = operations(labels, probabilities)
    kept = np.unique(np.linspace(0, len(points) - 1, CURVE_POINTS).round().astype(int))
    return tuple(points[index] for index in kept)


def choose_threshold(labels: Labels, probabilities: Probabilities, target_precision: float) -> float:
    """The smallest threshold, hence largest coverage, whose accepted images are right often enough.

    Where none is, the threshold is 1: then practically every image goes to a person.
    """
    reached = [point for point in operations(labels, probabilities) if point.accuracy >= target_precision]
    return reached[-1].threshold if reached else UNREACHED_THRESHOLD
