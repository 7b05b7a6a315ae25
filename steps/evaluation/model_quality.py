"""`model_quality.json`: the measurements in the shape that SageMaker's model registry shows.

Shape, and the rule for standard deviations: "Model quality metrics", Amazon SageMaker Developer Guide.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from steps.arrays import Labels, Probabilities
from steps.evaluation import metrics
from steps.evaluation.metrics import ClassScores
from steps.evaluation.robustness import Beyond
from steps.evaluation.roc import roc_curve

FEWEST_IMAGES = 200  # below this the guide gives no standard deviations
RESAMPLES, RESAMPLED_SHARE = 5, 0.8
RESAMPLING_SEED = 0

Scores = Callable[[Labels, Probabilities], dict[str, float]]


def model_quality(labels: Labels, probabilities: Probabilities, beyond: Beyond) -> dict[str, Any]:
    """The metrics of a model with these predictions (N, classes); with two classes the second is the positive one.

    `beyond` has what was measured on other photos.
    """
    multiclass = _section(labels, probabilities, _multiclass_scores) | _beyond(beyond)
    quality = {"multiclass_classification_metrics": multiclass}
    if probabilities.shape[1] == 2:
        binary = _section(labels, probabilities, _binary_scores)
        curve = roc_curve(labels == 1, probabilities[:, 1])
        binary["receiver_operating_characteristic_curve"] = {
            "false_positive_rates": curve.false_positive_rates.tolist(),
            "true_positive_rates": curve.true_positive_rates.tolist(),
        }
        quality["binary_classification_metrics"] = binary
    return quality


def _section(labels: Labels, probabilities: Probabilities, scores: Scores) -> dict[str, Any]:
    confusion = _confusion(labels, probabilities)
    deviations = _standard_deviations(labels, probabilities, scores)
    return {
        "confusion_matrix": {
            str(actual): {str(predicted): int(count) for predicted, count in enumerate(row)}
            for actual, row in enumerate(confusion)
        },
        **{
            name: {"value": value, "standard_deviation": deviations.get(name, "NaN")}
            for name, value in scores(labels, probabilities).items()
        },
    }


def _beyond(measured: Beyond) -> dict[str, Any]:
    """The metrics on changed photos and on photos of other things, without those that could not be measured."""
    values = {"robust_accuracy": measured.robust_accuracy, "others_decided": measured.others_decided}
    return {name: {"value": value, "standard_deviation": "NaN"} for name, value in values.items() if value is not None}


def _standard_deviations(labels: Labels, probabilities: Probabilities, scores: Scores) -> dict[str, float]:
    if len(labels) < FEWEST_IMAGES:
        return {}
    generator = np.random.default_rng(RESAMPLING_SEED)
    samples = []
    for _ in range(RESAMPLES):
        rows = generator.permutation(len(labels))[: round(RESAMPLED_SHARE * len(labels))]
        samples.append(scores(labels[rows], probabilities[rows]))
    return {name: float(np.std([sample[name] for sample in samples])) for name in samples[0]}


def _binary_scores(labels: Labels, probabilities: Probabilities) -> dict[str, float]:
    negative, positive = metrics.class_scores(_confusion(labels, probabilities))
    return {
        "accuracy": metrics.accuracy(labels, probabilities.argmax(axis=1)),
        "precision": positive.precision,
        "recall": positive.recall,
        "f1": positive.f1,
        "true_positive_rate": positive.recall,
        "true_negative_rate": negative.recall,
        "false_positive_rate": 1 - negative.recall,
        "false_negative_rate": 1 - positive.recall,
        "auc": metrics.roc_auc(labels, probabilities),
    }


def _multiclass_scores(labels: Labels, probabilities: Probabilities) -> dict[str, float]:
    scores = metrics.class_scores(_confusion(labels, probabilities))
    return {
        "accuracy": metrics.accuracy(labels, probabilities.argmax(axis=1)),
        "weighted_precision": _weighted(scores, [entry.precision for entry in scores]),
        "weighted_recall": _weighted(scores, [entry.recall for entry in scores]),
        "weighted_f1": _weighted(scores, [entry.f1 for entry in scores]),
    }


def _weighted(scores: tuple[ClassScores, ...], values: list[float]) -> float:
    return float(np.average(values, weights=[entry.support for entry in scores]))


def _confusion(labels: Labels, probabilities: Probabilities) -> np.ndarray[Any, np.dtype[np.int64]]:
    return metrics.confusion_matrix(labels, probabilities.argmax(axis=1), probabilities.shape[1])
