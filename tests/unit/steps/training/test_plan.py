"""Every network leaves out a fold, with as many photos of each class in each; every row is left out once."""

import numpy as np
import pytest

from steps.errors import TrainingError
from steps.training.plan import plan_networks
from steps.training.trainer import Schedule

LABELS = np.array([0] * 50 + [1] * 10)


def schedule(seed: int) -> Schedule:
    return Schedule(epochs=1, batch_size=4, learning_rate=0.1, weight_decay=0.0, seed=seed)


def test_every_row_is_held_out_once() -> None:
    networks = plan_networks(LABELS, 5, schedule(7))
    assert [each.name for each in networks] == ["network-1", "network-2", "network-3", "network-4", "network-5"]
    assert sorted(np.concatenate([each.held_out_rows for each in networks])) == list(range(60))
    for each in networks:
        assert sorted([*each.train_rows, *each.held_out_rows]) == list(range(60))
        assert np.bincount(LABELS[each.held_out_rows]).tolist() == [10, 2]


def test_every_class_of_three_is_spread_over_the_folds() -> None:
    labels = np.array([0] * 20 + [1] * 4 + [2] * 8)
    for each in plan_networks(labels, 4, schedule(7)):
        assert np.bincount(labels[each.held_out_rows]).tolist() == [5, 1, 2]


def test_same_seed_same_folds() -> None:
    def held_out(seed: int) -> list[int]:
        return plan_networks(LABELS, 5, schedule(seed))[0].held_out_rows.tolist()

    assert held_out(7) == held_out(7) != held_out(8)


def test_classes_that_are_too_small() -> None:
    with pytest.raises(TrainingError, match=r"10 training images, fewer than the 11 folds"):
        plan_networks(LABELS, 11, schedule(7))
    assert len(plan_networks(LABELS, 10, schedule(7))) == 10  # one image of the smaller class for each


def test_every_network_has_a_seed_of_its_own() -> None:
    networks = [each for seed in (7, 8) for each in plan_networks(LABELS, 3, schedule(seed))]
    assert [each.schedule.seed for each in networks] == [7000, 7001, 7002, 8000, 8001, 8002]
