"""The receiver operating characteristic: true against false positive rates over all thresholds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RocCurve:
    """Rates (points,), both rising from 0 to 1."""

    false_positive_rates: NDArray[np.float64]
    true_positive_rates: NDArray[np.float64]


def roc_curve(positive: NDArray[np.bool_], scores: NDArray[np.float64]) -> RocCurve:
    """The curve of scores (N,) that should separate positives from negatives; there must be at least one of each."""
    order = np.argsort(-scores)
    hits, ordered = positive[order], scores[order]
    # Equal scores fall on the same side of every threshold: only the last of them is a point.
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    true_positives, false_positives = np.cumsum(hits)[ends], np.cumsum(~hits)[ends]
    return RocCurve(
        np.append(0.0, false_positives / (~positive).sum()), np.append(0.0, true_positives / positive.sum())
    )
