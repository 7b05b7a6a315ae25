"""The measurements of a model on six photos, worked out by hand."""

import numpy as np
import pytest

from steps.classifier.selective import OperatingPoint, risk_coverage
from steps.evaluation import metrics
from steps.evaluation.measurements import Measurements, measure
from steps.evaluation.robustness import Beyond

LABELS = np.array([0, 1, 0, 1, 0, 1])
PROBABILITIES = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.05, 0.95], [0.6, 0.4], [0.3, 0.7]])


@pytest.fixture
def measured() -> Measurements:
    return measure(LABELS, PROBABILITIES, ("bicycle", "motorcycle"), 0.7, Beyond((), 0.8, 0.03, 473))


def test_five_of_six_are_right(measured: Measurements) -> None:
    assert (measured.accuracy, measured.test_images) == (pytest.approx(5 / 6), 6)
    assert measured.classes == ("bicycle", "motorcycle")
    assert measured.confusion_matrix == {
        "bicycle": {"bicycle": 2, "motorcycle": 1},
        "motorcycle": {"bicycle": 0, "motorcycle": 3},
    }
    bicycle, motorcycle = measured.per_class["bicycle"], measured.per_class["motorcycle"]
    assert (bicycle.precision, bicycle.recall) == (1, pytest.approx(2 / 3))
    assert (motorcycle.precision, motorcycle.recall) == (0.75, 1)


def test_four_are_decided_and_three_of_them_right(measured: Measurements) -> None:
    assert (measured.threshold, measured.coverage, measured.accuracy_of_accepted) == (0.7, pytest.approx(4 / 6), 0.75)
    assert measured.customary == OperatingPoint(0.93, pytest.approx(1 / 6), 1.0)
    assert measured.risk_coverage == risk_coverage(LABELS, PROBABILITIES)


def test_how_far_the_probabilities_are_to_be_believed(measured: Measurements) -> None:
    """Seven of nine pairs are in the right order; no two photos but those with .6 are in one bin of the diagram."""
    assert measured.roc_auc == pytest.approx(7 / 9)
    assert measured.log_loss == pytest.approx(-np.log([0.9, 0.6, 0.2, 0.95, 0.6, 0.7]).mean())
    assert measured.expected_calibration_error == pytest.approx((0.1 + 0.4 + 0.4 + 0.8 + 0.05 + 0.3) / 6)
    by_chance = metrics.calibrated_errors(PROBABILITIES)
    assert measured.calibrated_error == pytest.approx(by_chance.mean())
    assert measured.calibrated_error_95 == pytest.approx(np.quantile(by_chance, 0.95))
    assert measured.calibration_p_value == metrics.calibration_p_value(measured.expected_calibration_error, by_chance)
    assert measured.reliability == metrics.reliability(LABELS, PROBABILITIES)


def test_what_was_measured_on_other_photos_is_there_too(measured: Measurements) -> None:
    assert (measured.robust_accuracy, measured.others_decided) == (0.8, 0.03)
