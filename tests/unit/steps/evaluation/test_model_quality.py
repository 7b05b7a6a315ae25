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
    area = np.trapezoid(curve["true_positive_rates"], curve["false_positive_rates"])
    assert area == pytest.approx(binary["auc"]["value"])
    for name in ("accuracy", "precision", "recall", "f1", "auc", "true_positive_rate", "false_negative_rate"):
        assert 0 <= binary[name]["value"] <= 1
        assert 0 < binary[name]["standard_deviation"] < 0.1
    assert binary["recall"]["value"] == pytest.approx(1 - binary["false_negative_rate"]["value"])
    json.dumps(quality, allow_nan=False)


def test_standard_deviations_need_200_images() -> None:
    binary = model_quality(*case(199, 2), BEYOND)["binary_classification_metrics"]
    assert binary["accuracy"]["standard_deviation"] == "NaN"
    binary = model_quality(*case(200, 2), BEYOND)["binary_classification_metrics"]
    assert binary["accuracy"]["standard_deviation"] > 0


def test_the_same_predictions_have_the_same_metrics() -> None:
    assert model_quality(*case(240, 2), BEYOND) == model_quality(*case(240, 2), BEYOND)


def test_values_that_can_be_worked_out() -> None:
    """Of four bicycles three are recognised, of two motorcycles one."""
    labels, answers = np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 0, 1, 1, 0])
    quality = model_quality(labels, 0.8 * np.eye(2)[answers] + 0.1, BEYOND)
    binary, multiclass = quality["binary_classification_metrics"], quality["multiclass_classification_metrics"]
    assert {name: round(each["value"], 4) for name, each in binary.items() if "value" in each} == {
        "accuracy": 0.6667,
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
        "true_positive_rate": 0.5,
        "true_negative_rate": 0.75,
        "false_positive_rate": 0.25,
        "false_negative_rate": 0.5,
        "auc": 0.625,
    }
    assert {name: round(each["value"], 4) for name, each in multiclass.items() if name.startswith("weighted")} == {
        "weighted_precision": 0.6667,
        "weighted_recall": 0.6667,
        "weighted_f1": 0.6667,
    }
    assert binary["confusion_matrix"] == {"0": {"0": 3, "1": 1}, "1": {"0": 1, "1": 1}}


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
