"""Selective classification: coverage, accuracy on the accepted part, and the threshold between the two."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from steps.arrays import Labels, Probabilities
from steps.classifier.binomial import binomial_cdf

UNREACHED_THRESHOLD = 1.0
CURVE_POINTS = 101
THRESHOLD_STEP, THRESHOLD_DIGITS = 0.01, 6


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


@dataclass(frozen=True)
class PrecisionTarget:
    """Required precision of accepted images, and the confidence level at which it must hold."""

    precision: float
    confidence: float


def choose_threshold(
    labels: Labels,
    probabilities: Probabilities,
    target: PrecisionTarget,
    holds: Callable[[float], bool] = lambda _: True,
) -> float:
    """The lowest threshold, hence the largest coverage, that is proven to reach the target and for which `holds`.

    Thresholds in steps of 0.01 are tested one after the other, downwards until one fails. The first is the one whose
    test would most probably pass if the confidences were right. A threshold passes if the
    exact binomial test (Clopper and Pearson, 1934) on the images at or above it rejects the hypothesis that the
    precision on new images is below the target. The order depends on the confidences alone, not on which images are
    right. Therefore the chance that any threshold passes that misses the target is at most 1 - confidence
    (fixed-sequence testing: Angelopoulos et al., "Learn then Test", 2021, after Bauer, 1991), whichever is chosen.

    If `holds` is true for none of those, higher thresholds are taken as well, once the first test has passed: they
    accept a part of its images, those of the highest confidence. If nothing is left, the threshold is 1, and
    practically every image goes to a person.

    The images must be independent of one another: no two copies of one photo.
    """
    confidence = probabilities.max(axis=1)
    highest, guess = (1 + target.precision) / 2, 1 / probabilities.shape[1]
    steps: list[float] = np.arange(highest, guess, -THRESHOLD_STEP).round(THRESHOLD_DIGITS).tolist()
    chances = [chance_to_pass(confidence[confidence >= step], target) for step in steps]
    first = int(np.argmax(chances))
    proven = list(takewhile(lambda step: _passes(labels, probabilities, step, target), steps[first:]))
    above = steps[:first] if proven else []
    return next((step for step in (*reversed(proven), *reversed(above)) if holds(step)), UNREACHED_THRESHOLD)


def chance_to_pass(confidence: NDArray[np.float64], target: PrecisionTarget) -> float:
    """How probably a test on images of these confidences (N,) would pass, if these were right as often as they say."""
    count, mistakes = len(confidence), 0
    while mistakes <= count and binomial_cdf(mistakes, count, 1 - target.precision) <= 1 - target.confidence:
        mistakes += 1
    return binomial_cdf(mistakes - 1, count, float(1 - confidence.mean())) if mistakes else 0.0


def _passes(labels: Labels, probabilities: Probabilities, threshold: float, target: PrecisionTarget) -> bool:
    return precision_p_value(labels, probabilities, threshold, target.precision) <= 1 - target.confidence


def precision_p_value(labels: Labels, probabilities: Probabilities, threshold: float, precision: float) -> float:
    """P-value of the hypothesis that the true precision of accepted images is below `precision`."""
    accepted = probabilities.max(axis=1) >= threshold
    wrong = accepted & (probabilities.argmax(axis=1) != labels)
    return binomial_cdf(int(wrong.sum()), int(accepted.sum()), 1 - precision)
