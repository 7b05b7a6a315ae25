"""What is measured on changed photos and on other things."""

import numpy as np
import pytest

from steps.dataset.files import Dataset
from steps.evaluation.robustness import MOST_PHOTOS, WAYS, Exam, Robustness
from steps.robustness.changes import change

LABELS = np.array([0, 1, 0, 1])


def test_figures_worked_out_by_hand() -> None:
    exam = Exam(LABELS, np.empty(0, np.uint8))
    first = np.array([[0.9, 0.1], [0.7, 0.1], [0.5, 0.4], [0.2, 0.6]])
    second = np.full((4, 2), 0.4)
    rest = np.tile(np.eye(2)[LABELS], (len(WAYS) - 2, 1))
    others = np.array([[0.7, 0.1], [0.1, 0.2], [0.2, 0.1], [0.1, 0.69], [0.0, 0.0]])
    found = exam.measure(np.concatenate([first, second, rest, others]), 0.7)
    assert found.robustness[0] == Robustness(*WAYS[0], accuracy=0.75, decided=0.5, right_of_decided=0.5)
    assert found.robustness[1] == Robustness(*WAYS[1], accuracy=0.5, decided=0.0, right_of_decided=None)
    assert found.robustness[2] == Robustness(*WAYS[2], accuracy=1.0, decided=1.0, right_of_decided=1.0)
    assert found.robust_accuracy == pytest.approx((0.75 + 0.5 + len(WAYS) - 2) / len(WAYS))
    assert (found.others_decided, found.others) == (0.2, 5)


def test_without_others_nothing_is_said_of_them() -> None:
    found = Exam(LABELS, np.empty(0, np.uint8)).measure(np.tile(np.eye(2)[LABELS], (len(WAYS), 1)), 0.7)
    assert (found.others_decided, found.others, found.robust_accuracy) == (None, 0, 1.0)


def test_the_same_photos_are_changed_in_every_way(dataset: Dataset) -> None:
    exam = Exam.on(dataset, dataset.images[:2])
    assert len(exam.images) == 6 * len(WAYS) + 2
    np.testing.assert_array_equal(exam.images[6:12], change(dataset.images, WAYS[1]))
    np.testing.assert_array_equal(exam.images[-2:], dataset.images[:2])
    np.testing.assert_array_equal(exam.labels, dataset.labels)


def test_of_many_photos_some_from_everywhere_are_changed(dataset: Dataset) -> None:
    many = dataset.take(np.resize(np.arange(6), 3 * MOST_PHOTOS))
    exam = Exam.on(many, dataset.images[:0])
    assert len(exam.images) == MOST_PHOTOS * len(WAYS)
    np.testing.assert_array_equal(exam.labels, many.labels[::3])
