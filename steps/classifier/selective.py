"""Selective classification: what a confidence threshold accepts, and how much of that is right."""

from dataclasses import dataclass

import numpy as np

from steps.arrays import Labels, Probabilities

CURVE_POINTS = 101


@dataclass(frozen=True)
class OperatingPoint:
    """A confidence threshold, the share of images at or above it, and the accuracy on those."""

    threshold: float
    coverage: float
    accuracy: float


def operating_point(labels: Labels, probabilities: Probabilities, threshold: float) -> OperatingPoint:
    """Coverage and accuracy of a threshold on these images; the accuracy is 0 if none is accepted."""
    accepted = probabilities.max(axis=1) >= threshold
    right = probabilities.argmax(axis=1) == labels
    return OperatingPoint(threshold, float(accepted.mean()), float(right[accepted].mean()) if accepted.any() else 0.0)


def operating_points(labels: Labels, probabilities: Probabilities) -> tuple[OperatingPoint, ...]:
    """One operating point for each distinct confidence, from the highest (smallest coverage) to the lowest."""
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence)
    right = np.cumsum((probabilities.argmax(axis=1) == labels)[order])
    confidence = confidence[order]
    # Images of equal confidence are accepted together: only the last of them ends a group.
    ends = np.flatnonzero(np.append(confidence[1:] != confidence[:-1], True))
    return tuple(
        OperatingPoint(float(confidence[end]), float((end + 1) / len(labels)), float(right[end] / (end + 1)))
        for end in ends
    )


def risk_coverage(labels: Labels, probabilities: Probabilities) -> tuple[OperatingPoint, ...]:
    """The risk–coverage curve (El-Yaniv and Wiener, 2010), thinned to at most 101 points; risk is 1 - accuracy."""
    points = operating_points(labels, probabilities)
    kept = np.unique(np.linspace(0, len(points) - 1, CURVE_POINTS).round().astype(int))
    return tuple(points[index] for index in kept)
