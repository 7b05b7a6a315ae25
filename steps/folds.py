"""Cross-validation: each network of the ensemble learns from all folds but one, and is judged on that one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steps.arrays import Labels
from steps.errors import TrainingError


@dataclass(frozen=True)
class Fold:
    """One part of the training images: the rows that its network learns from, and those that it never sees."""

    number: int
    learnt: NDArray[np.intp]
    held_out: NDArray[np.intp]


def stratified_folds(labels: Labels, count: int, seed: int) -> tuple[Fold, ...]:
    """Split rows into folds with as many of each class in each; every row is held out exactly once.

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
    return tuple(
        Fold(number + 1, np.flatnonzero(assigned != number), np.flatnonzero(assigned == number))
        for number in range(count)
    )
