"""Plans the training: full-data networks for the model, and one network per cross-validation fold for calibration."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from steps.arrays import Labels
from steps.errors import TrainingError
from steps.training.trainer import Schedule

SEEDS, FOLDS = 1000, 500  # distance of the seeds of two trainings; offset of the folds' seeds


@dataclass(frozen=True)
class TrainingTask:
    """One network to train: its schedule, its training rows, and the held-out rows that it predicts afterwards."""

    name: str
    schedule: Schedule
    train_rows: NDArray[np.intp]
    held_out_rows: NDArray[np.intp]


def full_data_tasks(labels: Labels, count: int, schedule: Schedule) -> tuple[TrainingTask, ...]:
    """Tasks that train on all rows, each with a seed of its own."""
    rows = np.arange(len(labels))
    seeds = [SEEDS * schedule.seed + number for number in range(count)]
    return tuple(
        TrainingTask(f"network-{number}", replace(schedule, seed=seed), rows, rows[:0])
        for number, seed in enumerate(seeds, start=1)
    )


def stratified_folds(labels: Labels, count: int, schedule: Schedule) -> tuple[TrainingTask, ...]:
    """Stratified k-fold cross-validation: one task per fold, and every row is held out exactly once.

    Raises TrainingError if a class has fewer images than there are folds.
    """
    assigned = stratified_fold_numbers(labels, count, schedule.seed)
    return tuple(_fold(assigned == number, number, schedule) for number in range(count))


def stratified_fold_numbers(labels: Labels, count: int, seed: int) -> NDArray[np.intp]:
    """Assign each row to a fold, numbered from 0; raises TrainingError as `stratified_folds` does."""
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


def _fold(held_out: NDArray[np.bool_], number: int, schedule: Schedule) -> TrainingTask:
    own = replace(schedule, seed=SEEDS * schedule.seed + FOLDS + number)
    return TrainingTask(f"fold-{number + 1}", own, np.flatnonzero(~held_out), np.flatnonzero(held_out))
