"""Who learns from what: the networks of the model from all images, those of cross-validation from all folds but one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steps.arrays import Labels
from steps.errors import TrainingError

SEEDS, FOLDS = 1000, 500  # from the first network's seed of one training to the next one's; and to the first fold's


@dataclass(frozen=True)
class Lesson:
    """The rows that one network learns from, those that it never sees, and the seed of all that it draws at random."""

    name: str
    seed: int
    learnt: NDArray[np.intp]
    held_out: NDArray[np.intp]


def whole(labels: Labels, count: int, seed: int) -> tuple[Lesson, ...]:
    """Lessons of networks that learn from every row."""
    rows = np.arange(len(labels))
    return tuple(Lesson(f"network-{number}", SEEDS * seed + number, rows, rows[:0]) for number in range(1, count + 1))


def stratified_folds(labels: Labels, count: int, seed: int) -> tuple[Lesson, ...]:
    """Lessons that each hold out one fold, with as many of each class in each; every row is held out exactly once.

    Raises TrainingError where a class has fewer images than there are folds.
    """
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
    return tuple(_fold(assigned, number, SEEDS * seed) for number in range(count))


def _fold(assigned: NDArray[np.intp], number: int, seed: int) -> Lesson:
    held_out = assigned == number
    return Lesson(f"fold-{number + 1}", seed + FOLDS + number, np.flatnonzero(~held_out), np.flatnonzero(held_out))
