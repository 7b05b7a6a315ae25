"""Detectors: linear scores of a photo's numbers, fitted so that photos can be scored fairly that were learnt from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitoring.appearance.arrays import Floats

FOLDS = 4
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Detector:
    """A linear score, fitted once for each fold on the others: photos are scored by a fit that has not seen them."""

    weights: Floats  # (folds, numbers)
    offsets: Floats

    def score(self, numbers: Floats) -> Floats:
        """The score of each photo (photos, numbers) by the fit that has not seen it, nor a change of it."""
        folds = folds_of(len(numbers))
        found: Floats = np.einsum("ij,ij->i", numbers, self.weights[folds]) + self.offsets[folds]
        return found


def folds_of(count: int) -> Rows:
    """The fold of each photo; a change of a photo has the same place in its array, and so the same fold."""
    return np.arange(count) % FOLDS


def detector_of(changed: Floats, own: Floats) -> Detector:
    """Tells changed photos (score above 0) from good ones; both are numbers (photos, numbers)."""
    target = np.concatenate([np.ones(len(changed)), -np.ones(len(own))])
    return _fit(np.concatenate([changed, own]), target, np.concatenate([folds_of(len(changed)), folds_of(len(own))]))


def class_detectors(own: Floats, labels: Rows, classes: int) -> list[Detector]:
    """Tells photos of each class (score above 0) from all others."""
    folds = folds_of(len(own))
    return [_fit(own, np.where(labels == index, 1.0, -1.0), folds) for index in range(classes)]


def _fit(numbers: Floats, target: NDArray[np.float64], folds: Rows) -> Detector:
    """Ridge regression, once without each fold; doubled, so that scores spread about as widely as other traits."""
    weights, offsets = [], []
    for fold in range(FOLDS):
        rows = folds != fold
        x, y = numbers[rows].astype(np.float64), target[rows]
        middle = x.mean(axis=0)
        centred = x - middle
        matrix = centred.T @ centred + len(x) / 3 * np.eye(x.shape[1])
        weight = 2 * np.linalg.solve(matrix, centred.T @ (y - y.mean()))
        weights.append(weight)
        offsets.append(2 * y.mean() - float(middle @ weight))
    return Detector(np.array(weights), np.array(offsets))
