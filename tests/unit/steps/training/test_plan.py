"""The model's networks learn from every row; folds hold every row out once, with as many of each class in each."""

import numpy as np
import pytest

from steps.errors import TrainingError
from steps.training.plan import full_data_tasks, stratified_folds
from steps.training.trainer import Schedule

LABELS = np.array([0] * 50 + [1] * 10)


def schedule(seed: int) -> Schedule:
    return Schedule(epochs=1, batch_size=4, learning_rate=0.1, weight_decay=0.0, seed=seed)


def test_every_row_is_held_out_once() -> None:
    folds = stratified_folds(LABELS, 5, schedule(7))
    assert [fold.name for fold in folds] == ["fold-1", "fold-2", "fold-3", "fold-4", "fold-5"]
    assert sorted(np.concatenate([fold.held_out_rows for fold in folds])) == list(range(60))
    for fold in folds:
        assert sorted([*fold.train_rows, *fold.held_out_rows]) == list(range(60))
        assert np.bincount(LABELS[fold.held_out_rows]).tolist() == [10, 2]


def test_same_seed_same_folds() -> None:
    def held_out(seed: int) -> list[int]:
        return stratified_folds(LABELS, 5, schedule(seed))[0].held_out_rows.tolist()

    assert held_out(7) == held_out(7) != held_out(8)


def test_classes_that_are_too_small() -> None:
    with pytest.raises(TrainingError, match=r"10 training images, fewer than the 11 folds"):
        stratified_folds(LABELS, 11, schedule(7))


def test_the_models_networks_learn_from_every_row() -> None:
    tasks = full_data_tasks(LABELS, 2, schedule(7))
    assert [task.train_rows.tolist() for task in tasks] == [list(range(60))] * 2
    assert [task.held_out_rows.tolist() for task in tasks] == [[], []]


def test_every_network_has_a_seed_of_its_own() -> None:
    tasks = [
        task
        for seed in (7, 8)
        for task in (*full_data_tasks(LABELS, 3, schedule(seed)), *stratified_folds(LABELS, 3, schedule(seed)))
    ]
    assert len({task.schedule.seed for task in tasks}) == 12
