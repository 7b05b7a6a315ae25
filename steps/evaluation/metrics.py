"""Classification metrics. Labels and predictions have shape (N,), probabilities (N, classes)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steps.arrays import Labels, Probabilities

RELIABILITY_BINS = 15  # as in Guo et al., 2017
RESAMPLES, RESAMPLING_SEED = 1000, 0
SMALLEST_PROBABILITY = 1e-12  # keeps the logarithm of a confident mistake finite


@dataclass(frozen=True)
class ClassScores:
    """Scores of one class; a ratio with denominator 0 counts as 0. `support` is the number of images of the class."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class ReliabilityBin:
    """One bin of the reliability diagram: mean confidence, accuracy and number of its predictions."""

    confidence: float
    accuracy: float
    count: int


def accuracy(labels: Labels, predictions: Labels) -> float:
    """Share of correct predictions."""
    return float((labels == predictions).mean())


def confusion_matrix(labels: Labels, predictions: Labels, classes: int) -> NDArray[np.int64]:
    """Counts (classes, classes): rows are actual classes, columns predicted ones."""
    counts = np.bincount(labels * classes + predictions, minlength=classes * classes)
    return counts.reshape(classes, classes).astype(np.int64)


def class_scores(confusion: NDArray[np.int64]) -> tuple[ClassScores, ...]:
    """Scores of each class, from a confusion matrix."""
    right, actual, predicted = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    precision, recall = _ratio(right, predicted), _ratio(right, actual)
    f1 = _ratio(2 * precision * recall, precision + recall)
    return tuple(map(ClassScores, precision.tolist(), recall.tolist(), f1.tolist(), actual.tolist()))


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    result = np.zeros(len(part))
    np.divide(part, whole, out=result, where=whole != 0)
    return result


def roc_auc(labels: Labels, probabilities: Probabilities) -> float:
    """Area under the ROC curve; for more than two classes the one-vs-rest mean. Every class must occur."""
    classes = probabilities.shape[1]
    if classes == 2:
        return _auc(labels == 1, probabilities[:, 1])
    return float(np.mean([_auc(labels == index, probabilities[:, index]) for index in range(classes)]))


def _auc(positive: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    """Mann–Whitney: how often a positive outranks a negative, ties counting half."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    positives, negatives = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def log_loss(labels: Labels, probabilities: Probabilities) -> float:
    """Mean negative log-likelihood of the actual classes, in nats."""
    actual = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(actual.clip(SMALLEST_PROBABILITY)).mean())


def reliability(labels: Labels, probabilities: Probabilities) -> tuple[ReliabilityBin, ...]:
    """Confidence against accuracy in bins of equal width; empty bins are left out."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    index = _bin_numbers(confidence)
    return tuple(
        ReliabilityBin(float(confidence[rows].mean()), float(right[rows].mean()), int(rows.sum()))
        for rows in (index == value for value in np.unique(index))
    )


def expected_calibration_error(labels: Labels, probabilities: Probabilities) -> float:
    """Mean distance of confidence and accuracy over the bins, weighted by their images (Naeini et al., 2015)."""
    return float(_calibration_errors(labels[np.newaxis], probabilities)[0])


def calibrated_errors(probabilities: Probabilities) -> NDArray[np.float64]:
    """Expected calibration errors (1000,) that a perfectly calibrated model shows on as many images.

    Consistency resampling (Bröcker and Smith, 2007; Vaicenavicius et al., 2019): labels are drawn from the
    probabilities themselves, so that the remaining error is due to the finite number of images alone.
    """
    generator = np.random.default_rng(RESAMPLING_SEED)
    steps = probabilities.cumsum(axis=1)
    steps /= steps[:, -1:]
    drawn = (generator.random((RESAMPLES, len(steps), 1)) > steps).sum(axis=2)
    return _calibration_errors(drawn, probabilities)


def _calibration_errors(labels: NDArray[np.int64], probabilities: Probabilities) -> NDArray[np.float64]:
    """Expected calibration errors (R,) of the same probabilities with R sets of labels (R, N)."""
    confidence, right = probabilities.max(axis=1), labels == probabilities.argmax(axis=1)
    # (N, bins): 1 where a prediction falls into a bin. The product counts the right ones of each bin.
    members = np.eye(RELIABILITY_BINS)[_bin_numbers(confidence)]
    distances: NDArray[np.float64] = np.abs(confidence @ members - right @ members).sum(axis=1) / len(confidence)
    return distances


def _bin_numbers(confidence: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.minimum((confidence * RELIABILITY_BINS).astype(np.int64), RELIABILITY_BINS - 1)


def calibration_p_value(error: float, calibrated: NDArray[np.float64]) -> float:
    """P-value of the hypothesis that a model is calibrated: the share of calibrated errors at least as large."""
    return float((1 + (calibrated >= error).sum()) / (1 + len(calibrated)))
