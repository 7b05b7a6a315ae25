"""The registry's metrics have SageMaker's shape."""

import json

import numpy as np
import pytest

from steps.evaluation.model_quality import model_quality
from steps.evaluation.robustness import Beyond
from steps.evaluation.roc import roc_curve

BEYOND = Beyond((), 0.875, 0.03, 473)


def case(images: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels and probabilities that have something to do with each other."""
    generator = np.random.default_rng(0)
    labels = np.arange(images) % classes
    scores = generator.random((images, classes)) + np.eye(classes)[labels] * generator.random((images, 1))
    return labels, scores / scores.sum(axis=1, keepdims=True)


def test_binary_shape() -> None:
    quality = model_quality(*case(240, 2), BEYOND)
    binary = quality["binary_classification_metrics"]
    assert set(binary["confusion_matrix"]) == {"0", "1"}
    assert sum(count for row in binary["confusion_matrix"].values() for count in row.values()) == 240
    curve = binary["receiver_operating_characteristic_curve"]
    assert len(curve["false_positive_rates"]) == len(curve["true_positive_rates"])
    for name in ("accuracy", "precision", "recall", "f1", "auc", "true_positive_rate", "false_negative_rate"):
        assert 0 <= binary[name]["value"] <= 1
        assert 0 < binary[name]["standard_deviation"] < 0.1
    assert binary["recall"]["value"] == pytest.approx(1 - binary["false_negative_rate"]["value"])
    json.dumps(quality, allow_nan=False)


def test_standard_deviations_need_200_images() -> None:
    binary = model_quality(*case(199, 2), BEYOND)["binary_classification_metrics"]
    assert binary["accuracy"]["standard_deviation"] == "NaN"


def test_more_classes() -> None:
    quality = model_quality(*case(300, 5), BEYOND)
    assert set(quality) == {"multiclass_classification_metrics"}
    section = quality["multiclass_classification_metrics"]
    assert set(section["confusion_matrix"]["4"]) == {"0", "1", "2", "3", "4"}
    assert section["weighted_recall"]["value"] == pytest.approx(section["accuracy"]["value"])


def test_roc_curve() -> None:
    curve = roc_curve(np.array([True, True, False, True, False]), np.array([0.9, 0.8, 0.8, 0.4, 0.1]))
    assert curve.true_positive_rates.tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1, 1])
    assert curve.false_positive_rates.tolist() == pytest.approx([0, 0, 0.5, 0.5, 1])


@pytest.mark.parametrize("classes", [2, 5])
def test_changed_photos_and_other_things_are_metrics_too(classes: int) -> None:
    metrics = model_quality(*case(300, classes), BEYOND)["multiclass_classification_metrics"]
    assert metrics["robust_accuracy"] == {"value": 0.875, "standard_deviation": "NaN"}
    assert metrics["others_decided"]["value"] == 0.03


def test_what_was_not_measured_is_no_metric() -> None:
    metrics = model_quality(*case(300, 2), Beyond((), 0.875, None, 0))["multiclass_classification_metrics"]
    assert "others_decided" not in metrics
    assert metrics["robust_accuracy"]["value"] == 0.875
