"""Selective classification: coverage, accuracy on the accepted part, and the threshold between the two."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

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

    Thresholds are tested one after the other, from the first of `candidates` downwards, until one fails. A threshold
    passes if the exact binomial test (Clopper and Pearson, 1934) on the images at or above it rejects the hypothesis
    that the precision on new images is below the target. The order does not depend on which images are right.
    Therefore the chance that any threshold passes that misses the target is at most 1 - confidence (fixed-sequence
    testing: Angelopoulos et al., "Learn then Test", 2021, after Bauer, 1991), whichever of them is then chosen.
    If none is left, the threshold is 1, and practically every image goes to a person.

    The images must be independent of one another: no two copies of one photo.
    """
    chosen = UNREACHED_THRESHOLD
    for candidate in candidates(probabilities, target):
        if precision_p_value(labels, probabilities, candidate, target.precision) > 1 - target.confidence:
            break
        if holds(candidate):
            chosen = candidate
    return chosen


def candidates(probabilities: Probabilities, target: PrecisionTarget) -> list[float]:
    """The thresholds to test, from the highest: in steps of 0.01 from where enough images lie above to prove anything.

    They begin no higher than halfway between the target precision and 1. Above that point a calibrated model makes
    less than half of the allowed mistakes; a search that began closer to the target would fail more often by chance.
    """
    halfway, guess = (1 + target.precision) / 2, 1 / probabilities.shape[1]
    confidence = np.sort(probabilities.max(axis=1))[::-1]
    fewest = fewest_for_a_proof(target)
    if fewest > len(confidence):
        return []
    steps = np.arange(halfway, guess, -THRESHOLD_STEP).round(THRESHOLD_DIGITS)
    return [float(step) for step in steps if step <= confidence[fewest - 1]]


def fewest_for_a_proof(target: PrecisionTarget) -> int:
    """How many images, all of them right, prove that the target is reached."""
    return math.ceil(math.log(1 - target.confidence) / math.log(target.precision))


def precision_p_value(labels: Labels, probabilities: Probabilities, threshold: float, precision: float) -> float:
    """P-value of the hypothesis that the true precision of accepted images is below `precision`."""
    accepted = probabilities.max(axis=1) >= threshold
    wrong = accepted & (probabilities.argmax(axis=1) != labels)
    return binomial_cdf(int(wrong.sum()), int(accepted.sum()), 1 - precision)
