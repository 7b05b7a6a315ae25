"""Metrics against values worked out by hand or by scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as reference

from steps.arrays import Labels, Probabilities
from steps.evaluation import metrics

LABELS = np.array([0, 0, 0, 1, 1, 1])
PROBABILITIES = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.3, 0.7], [0.2, 0.8], [0.6, 0.4]])


def random_case(classes: int, images: int = 200) -> tuple[Labels, Probabilities]:
    """Labels and probabilities with ties among them."""
    generator = np.random.default_rng(classes)
    probabilities = generator.dirichlet(np.ones(classes), images).round(1) + 0.01
    return generator.integers(0, classes, images), probabilities / probabilities.sum(axis=1, keepdims=True)


def test_by_hand() -> None:
    predictions = PROBABILITIES.argmax(axis=1)
    assert metrics.accuracy(LABELS, predictions) == pytest.approx(4 / 6)
    confusion = metrics.confusion_matrix(LABELS, predictions, 2)
    assert confusion.tolist() == [[2, 1], [1, 2]]
    bicycle, motorcycle = metrics.class_scores(confusion)
    assert bicycle == metrics.ClassScores(pytest.approx(2 / 3), pytest.approx(2 / 3), pytest.approx(2 / 3), 3)  # type: ignore[arg-type]
    assert motorcycle.support == 3
    assert metrics.roc_auc(LABELS, PROBABILITIES) == pytest.approx(8 / 9)
    assert metrics.log_loss(LABELS, PROBABILITIES) == pytest.approx(-np.log([0.9, 0.8, 0.4, 0.7, 0.8, 0.4]).mean())


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_against_scikit_learn(classes: int) -> None:
    labels, probabilities = random_case(classes)
    predictions = probabilities.argmax(axis=1)
    confusion = metrics.confusion_matrix(labels, predictions, classes)
    assert np.array_equal(confusion, reference.confusion_matrix(labels, predictions))
    scores = metrics.class_scores(confusion)
    expected = reference.precision_recall_fscore_support(labels, predictions, zero_division=0.0)
    assert np.allclose([(s.precision, s.recall, s.f1, s.support) for s in scores], np.transpose(expected))
    columns = probabilities[:, 1] if classes == 2 else probabilities
    assert metrics.roc_auc(labels, probabilities) == pytest.approx(
        reference.roc_auc_score(labels, columns, multi_class="ovr", average="macro")
    )
    assert metrics.log_loss(labels, probabilities) == pytest.approx(reference.log_loss(labels, probabilities))


def test_a_class_that_does_not_occur_has_its_row_and_column() -> None:
    confusion = metrics.confusion_matrix(np.array([0, 0]), np.array([0, 0]), 2)
    assert confusion.tolist() == [[2, 0], [0, 0]]
    assert confusion.dtype == np.int64


def test_class_that_is_never_predicted() -> None:
    scores = metrics.class_scores(np.array([[3, 0], [2, 0]]))
    assert (scores[1].precision, scores[1].recall, scores[1].f1) == (0.0, 0.0, 0.0)


def test_the_log_loss_of_a_mistake_without_any_doubt_is_finite() -> None:
    assert metrics.log_loss(np.array([0, 1]), np.array([[0.0, 1.0], [0.0, 1.0]])) == pytest.approx(-np.log(1e-12) / 2)


def test_calibration_error() -> None:
    probabilities = np.array([[0.8, 0.2]] * 10)
    assert metrics.expected_calibration_error(np.array([0] * 8 + [1] * 2), probabilities) == pytest.approx(0)
    assert metrics.expected_calibration_error(np.array([0] * 5 + [1] * 5), probabilities) == pytest.approx(0.3)


def test_reliability_bins_are_fifteen_of_equal_width() -> None:
    """The edges next to these confidences are 8/15 = 0.533, 9/15 = 0.6 and 14/15 = 0.933."""
    confidence = np.array([0.51, 0.53, 0.54, 0.59, 0.61, 0.94, 1.0])
    labels = np.array([0, 1, 0, 0, 1, 0, 0])
    bins = metrics.reliability(labels, np.column_stack([confidence, 1 - confidence]))
    assert [(entry.confidence, entry.accuracy, entry.count) for entry in bins] == [
        (pytest.approx(0.52), 0.5, 2),
        (pytest.approx(0.565), 1.0, 2),
        (pytest.approx(0.61), 0.0, 1),
        (pytest.approx(0.97), 1.0, 2),
    ]
    error = (2 * 0.02 + 2 * 0.435 + 0.61 + 2 * 0.03) / 7
    probabilities = np.column_stack([confidence, 1 - confidence])
    assert metrics.expected_calibration_error(labels, probabilities) == pytest.approx(error)


def test_the_p_value_counts_errors_that_are_as_large() -> None:
    calibrated = np.array([0.01, 0.02, 0.03, 0.04])
    assert metrics.calibration_p_value(0.03, calibrated) == pytest.approx(3 / 5)
    assert metrics.calibration_p_value(0.05, calibrated) == pytest.approx(1 / 5)


def test_reliability_bins_cover_all_photos() -> None:
    labels, probabilities = random_case(3)
    bins = metrics.reliability(labels, np.vstack([probabilities[1:], [[1.0, 0.0, 0.0]]]))
    assert sum(entry.count for entry in bins) == len(labels)
    assert all(0 <= entry.accuracy <= 1 and 1 / 3 <= entry.confidence <= 1 for entry in bins)


def test_reliability_has_fifteen_bins_of_equal_width() -> None:
    """The bins end at 13/15 = 0.867 and 14/15 = 0.933; each says how confident its photos are, and how often right."""
    confidence = np.array([0.86, 0.87, 0.93, 0.94, 1.0])
    bins = metrics.reliability(np.array([0, 0, 1, 0, 0]), np.column_stack([confidence, 1 - confidence]))
    assert [(entry.count, entry.accuracy) for entry in bins] == [(1, 1.0), (2, 0.5), (2, 1.0)]
    assert [entry.confidence for entry in bins] == pytest.approx([0.86, 0.9, 0.97])


def test_resampled_labels_are_the_same_each_time_and_as_frequent_as_their_probabilities_say() -> None:
    """These probabilities sum to 0.8, so half of the labels are of the first class, whose confidence is 0.4."""
    probabilities = np.array([[0.4, 0.2, 0.2]] * 200)
    errors = metrics.calibrated_errors(probabilities)
    assert errors.shape == (1000,)
    assert errors.mean() == pytest.approx(0.1, abs=0.005)
    assert np.array_equal(errors, metrics.calibrated_errors(probabilities))


@pytest.mark.parametrize("classes", [2, 5])
def test_a_calibrated_model_passes_and_an_overconfident_one_does_not(classes: int) -> None:
    generator = np.random.default_rng(3)
    honest = generator.dirichlet(np.full(classes, 0.5), 400)
    labels = (generator.random((400, 1)) > honest.cumsum(axis=1)).sum(axis=1)
    boastful = honest**3 / (honest**3).sum(axis=1, keepdims=True)
    values = []
    for probabilities in (honest, boastful):
        error = metrics.expected_calibration_error(labels, probabilities)
        values.append(metrics.calibration_p_value(error, metrics.calibrated_errors(probabilities)))
    assert values[0] > 0.05 > values[1]


def test_the_test_of_calibration_rejects_as_often_as_it_says() -> None:
    generator = np.random.default_rng(4)
    rejected = 0
    for _ in range(60):
        first = generator.beta(0.6, 0.6, 100)
        probabilities = np.column_stack([first, 1 - first])
        labels = (generator.random(100) > first).astype(int)
        error = metrics.expected_calibration_error(labels, probabilities)
        rejected += metrics.calibration_p_value(error, metrics.calibrated_errors(probabilities)) <= 0.05
    assert rejected <= 8  # of 60 at 5 %: more has a chance below 1 in 200
