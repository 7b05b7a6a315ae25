"""Measures one model on labelled photos, challenger and champion alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from steps.arrays import Labels, Probabilities
from steps.classifier.selective import OperatingPoint, operating_point, risk_coverage
from steps.evaluation import metrics
from steps.evaluation.metrics import ClassScores, ReliabilityBin
from steps.evaluation.robustness import Beyond

CUSTOMARY_THRESHOLD = 0.93


@dataclass(frozen=True)
class Measurements(Beyond):
    """Measurements at the model's own threshold; `accuracy_of_accepted` is 0 if no image reaches it.

    `calibrated_error` is the mean calibration error of a perfectly calibrated model on as many images, and
    `calibrated_error_95` its 95th percentile. `customary` is the operating point at the threshold that most copies of
    this project use.
    """

    accuracy: float
    coverage: float
    accuracy_of_accepted: float
    threshold: float
    roc_auc: float
    expected_calibration_error: float
    calibrated_error: float
    calibrated_error_95: float
    calibration_p_value: float
    log_loss: float
    test_images: int
    classes: tuple[str, ...]
    per_class: dict[str, ClassScores]
    confusion_matrix: dict[str, dict[str, int]]
    customary: OperatingPoint
    risk_coverage: tuple[OperatingPoint, ...]
    reliability: tuple[ReliabilityBin, ...]


def measure(
    labels: Labels, probabilities: Probabilities, classes: tuple[str, ...], threshold: float, beyond: Beyond
) -> Measurements:
    """Measure predictions (N, classes) against labels (N,), in which every class must occur.

    `beyond` has what was measured on other photos.
    """
    predictions = probabilities.argmax(axis=1)
    confusion = metrics.confusion_matrix(labels, predictions, len(classes))
    operation = operating_point(labels, probabilities, threshold)
    error = metrics.expected_calibration_error(labels, probabilities)
    calibrated = metrics.calibrated_errors(probabilities)
    return Measurements(
        **vars(beyond),
        accuracy=metrics.accuracy(labels, predictions),
        coverage=operation.coverage,
        accuracy_of_accepted=operation.accuracy,
        threshold=threshold,
        roc_auc=metrics.roc_auc(labels, probabilities),
        expected_calibration_error=error,
        calibrated_error=float(calibrated.mean()),
        calibrated_error_95=float(np.quantile(calibrated, 0.95)),
        calibration_p_value=metrics.calibration_p_value(error, calibrated),
        log_loss=metrics.log_loss(labels, probabilities),
        test_images=len(labels),
        classes=classes,
        per_class=dict(zip(classes, metrics.class_scores(confusion), strict=True)),
        confusion_matrix=_by_name(confusion.tolist(), classes),
        customary=operating_point(labels, probabilities, CUSTOMARY_THRESHOLD),
        risk_coverage=risk_coverage(labels, probabilities),
        reliability=metrics.reliability(labels, probabilities),
    )


def _by_name(confusion: Sequence[Sequence[int]], classes: Sequence[str]) -> dict[str, dict[str, int]]:
    return {name: dict(zip(classes, row, strict=True)) for name, row in zip(classes, confusion, strict=True)}
