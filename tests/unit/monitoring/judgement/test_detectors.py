"""Linear scores, fitted by hand."""

import numpy as np
import pytest

from monitoring.judgement.detectors import Detector, class_detectors, detector_of, folds_of


def test_four_folds_one_after_the_other() -> None:
    assert folds_of(6).tolist() == [0, 1, 2, 3, 0, 1]


def test_a_photo_is_scored_by_the_fit_of_its_fold() -> None:
    detector = Detector(np.array([[1.0, 0], [2, 0], [3, 0], [0, 4]]), np.array([10.0, 20, 30, 40]))
    assert detector.score(np.array([[1.0, 5]] * 5)).tolist() == [11, 22, 33, 60, 11]


def test_changed_photos_are_above_zero_and_good_ones_below() -> None:
    """Of each fit learn six photos at 1 and six at -1: 12 / (12 + 12 / 3) = 0.75, doubled."""
    detector = detector_of(np.ones((8, 1)), -np.ones((8, 1)))
    assert detector.weights.tolist() == pytest.approx(np.full((4, 1), 1.5))
    assert detector.offsets == pytest.approx(np.zeros(4), abs=1e-12)


def test_the_middle_of_numbers_and_targets_does_not_matter() -> None:
    """Six of eighteen photos are changed. Numbers are 7 or 10, of which 8 is the mean, and the mean target is -1/3."""
    detector = detector_of(np.full((8, 1), 10.0), np.full((16, 1), 7.0))
    weight = 2 * (6 * 2 * 4 / 3 + 12 * 1 * 2 / 3) / (6 * 4 + 12 * 1 + 18 / 3)
    assert detector.weights == pytest.approx(np.full((4, 1), weight))
    assert detector.offsets == pytest.approx(np.full(4, -2 / 3 - 8 * weight))


def test_a_fit_has_not_seen_its_fold() -> None:
    numbers = np.array([[1.0], [1], [1], [9]])
    detector = detector_of(np.tile(numbers, (2, 1)), np.zeros((8, 1)))
    assert detector.weights[:3, 0] == pytest.approx([detector.weights[0, 0]] * 3)
    assert detector.weights[3, 0] > 2 * detector.weights[0, 0]


def test_one_detector_for_each_class() -> None:
    labels = np.repeat([0, 1, 2], 8)
    detectors = class_detectors(np.eye(3)[labels] + 0.0, labels, 4)
    assert len(detectors) == 4
    scores = np.stack([each.score(np.eye(3)[labels]) for each in detectors], axis=1)
    assert (scores[:, :3].argmax(axis=1) == labels).all()
    assert (scores[np.arange(24), labels] > 0).all()
    assert scores[:, 3] == pytest.approx(np.full(24, -2))  # a class without photos is never there


def test_a_class_is_told_from_others_as_a_change_from_good_photos() -> None:
    of_change = detector_of(np.ones((8, 1)), -np.ones((8, 1)))
    of_class, of_other = class_detectors(np.repeat([[1.0], [-1.0]], 8, axis=0), np.repeat([0, 1], 8), 2)
    assert of_class.weights == pytest.approx(of_change.weights)
    assert of_class.offsets == pytest.approx(of_change.offsets, abs=1e-12)
    assert of_other.weights == pytest.approx(-of_change.weights)
