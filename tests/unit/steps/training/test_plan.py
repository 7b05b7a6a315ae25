"""The model's networks learn from every row; folds hold every row out once, with as many of each class in each."""

import numpy as np
import pytest

from steps.errors import TrainingError
from steps.training.plan import stratified_folds, whole
from steps.training.trainer import Schedule

LABELS = np.array([0] * 50 + [1] * 10)


def schedule(seed: int) -> Schedule:
    return Schedule(epochs=1, batch_size=4, learning_rate=0.1, weight_decay=0.0, seed=seed)


def test_every_row_is_held_out_once() -> None:
    folds = stratified_folds(LABELS, 5, schedule(7))
    assert [fold.name for fold in folds] == ["fold-1", "fold-2", "fold-3", "fold-4", "fold-5"]
    assert sorted(np.concatenate([fold.held_out for fold in folds])) == list(range(60))
    for fold in folds:
        assert sorted([*fold.learnt, *fold.held_out]) == list(range(60))
        assert np.bincount(LABELS[fold.held_out]).tolist() == [10, 2]


def test_same_seed_same_folds() -> None:
    def held_out(seed: int) -> list[int]:
        return stratified_folds(LABELS, 5, schedule(seed))[0].held_out.tolist()

    assert held_out(7) == held_out(7) != held_out(8)


def test_classes_that_are_too_small() -> None:
    with pytest.raises(TrainingError, match=r"10 training images, fewer than the 11 folds"):
        stratified_folds(LABELS, 11, schedule(7))


def test_the_models_networks_learn_from_every_row() -> None:
    lessons = whole(LABELS, 2, schedule(7))
    assert [lesson.learnt.tolist() for lesson in lessons] == [list(range(60))] * 2
    assert [lesson.held_out.tolist() for lesson in lessons] == [[], []]


def test_every_network_has_a_seed_of_its_own() -> None:
    lessons = [
        lesson
        for seed in (7, 8)
        for lesson in (*whole(LABELS, 3, schedule(seed)), *stratified_folds(LABELS, 3, schedule(seed)))
    ]
    assert len({lesson.schedule.seed for lesson in lessons}) == 12
