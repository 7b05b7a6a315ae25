"""Plans the training: one network for each fold of a cross-validation, which leaves that fold out."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from steps.arrays import Labels
from steps.errors import TrainingError
from steps.training.trainer import Schedule

SEEDS = 1000  # distance of the seeds of two trainings


@dataclass(frozen=True)
class TrainingTask:
    """One network to train: its schedule, its training rows, and the held-out rows that it judges afterwards."""

    name: str
    schedule: Schedule
    train_rows: NDArray[np.intp]
    held_out_rows: NDArray[np.intp]


def plan_networks(labels: Labels, folds: int, schedule: Schedule) -> tuple[TrainingTask, ...]:
    """Stratified k-fold cross-validation: one network for each fold, with a seed of its own.

    Every row is held out exactly once. Raises TrainingError if a class has fewer images than there are folds.
    """
    assigned = stratified_fold_numbers(labels, folds, schedule.seed)
    return tuple(_leaving_out(assigned == number, number, schedule) for number in range(folds))


def stratified_fold_numbers(labels: Labels, count: int, seed: int) -> NDArray[np.intp]:
    """Assign each row to a fold, numbered from 0; raises TrainingError as `plan_networks` does."""
    generator = np.random.default_rng(seed)
    assigned = np.empty(len(labels), dtype=np.intp)
    for label in np.unique(labels):
        rows = generator.permutation(np.flatnonzero(labels == label))
        if len(rows) < count:
            raise TrainingError(
                f"A class has {len(rows)} training images, fewer than the {count} folds of training.folds. "
                "Lower training.folds or use a larger archive."
            )
        assigned[rows] = np.arange(len(rows)) % count
    return assigned


def _leaving_out(fold: NDArray[np.bool_], number: int, schedule: Schedule) -> TrainingTask:
    own = replace(schedule, seed=SEEDS * schedule.seed + number)
    return TrainingTask(f"network-{number + 1}", own, np.flatnonzero(~fold), np.flatnonzero(fold))
