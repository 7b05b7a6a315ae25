"""Deciding only where the model is confident: coverage, what is right among it, and the threshold between."""

from dataclasses import dataclass

import numpy as np

from steps.arrays import Labels, Probabilities
from steps.classifier.binomial import binomial_cdf

UNREACHED_THRESHOLD = 1.0
CURVE_POINTS = 101
THRESHOLD_STEP, THRESHOLD_DIGITS = 0.01, 6


@dataclass(frozen=True)
class OperatingPoint:
    """What a confidence threshold does: share of images at or above it, and share of those that are right."""

    threshold: float
    coverage: float
    accuracy: float


def operating_point(labels: Labels, probabilities: Probabilities, threshold: float) -> OperatingPoint:
    """What this threshold does to these images; the accuracy of none is 0."""
    accepted = probabilities.max(axis=1) >= threshold
    right = probabilities.argmax(axis=1) == labels
    return OperatingPoint(threshold, float(accepted.mean()), float(right[accepted].mean()) if accepted.any() else 0.0)


def operating_points(labels: Labels, probabilities: Probabilities) -> tuple[OperatingPoint, ...]:
    """Every threshold that makes a difference, from the highest, with the smallest coverage, to the lowest."""
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
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


@dataclass(frozen=True)
class PrecisionTarget:
    """What accepted images must reach: how often they are right, and with which confidence that holds."""

    precision: float
    confidence: float


def choose_threshold(labels: Labels, probabilities: Probabilities, target: PrecisionTarget) -> float:
    """The smallest threshold, hence largest coverage, of which it is proven that what it accepts is right often enough.

    Thresholds are tested one after the other, from halfway between the target precision and 1 downwards, until the
    first that fails: a threshold passes where the exact binomial test (Clopper and Pearson, 1934) rejects, on the
    images at or above it, that the precision on images nobody has seen is below the target. As the order is fixed
    beforehand, the chance that the last one to pass misses the target is at most 1 - confidence (fixed-sequence
    testing: Angelopoulos et al., "Learn then Test", 2021, after Bauer, 1991). Above the first one a calibrated model
    makes less than half of the mistakes that are allowed: from there to the target itself, chance fails more tests.
    Where the first one fails the threshold is 1: practically every image goes to a person.
    """
    chosen = UNREACHED_THRESHOLD
    first, last = (1 + target.precision) / 2, 1 / probabilities.shape[1]
    for candidate in np.arange(first, last, -THRESHOLD_STEP).round(THRESHOLD_DIGITS):
        if precision_p_value(labels, probabilities, candidate, target.precision) > 1 - target.confidence:
            break
        chosen = float(candidate)
    return chosen


def precision_p_value(labels: Labels, probabilities: Probabilities, threshold: float, precision: float) -> float:
    """P-value of the hypothesis that a threshold's true precision is below this one."""
    accepted = probabilities.max(axis=1) >= threshold
    wrong = accepted & (probabilities.argmax(axis=1) != labels)
    return binomial_cdf(int(wrong.sum()), int(accepted.sum()), 1 - precision)
