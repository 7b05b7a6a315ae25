"""Changed copies of photos that a network has not learnt from: what temperature and threshold are chosen by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steps.arrays import Images
from steps.robustness.changes import KINDS, MIDDLE, MILD, change

CLEAN = 0  # the number of the way in which a copy that is not changed is made
WAYS = tuple((kind, strength) for kind in KINDS for strength in (MILD, MIDDLE))  # numbered from 1 on
KINDS_EACH = 5  # of the kinds of change, so many of each photo are judged: more take time and prove hardly more
CLEAN_SHARE = 0.75  # of the mixture: a camera takes most photos in ordinary weather and light


@dataclass(frozen=True)
class Copies:
    """Of which row each copy is made, and by the number of which way."""

    rows: NDArray[np.intp]
    ways: NDArray[np.intp]

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> "Copies":
        """Some of the copies."""
        return Copies(self.rows[chosen], self.ways[chosen])

    def of(self, rows: NDArray[np.intp]) -> "Copies":
        """The copies of these rows."""
        return self.take(np.isin(self.rows, rows))


def plan_copies(known: NDArray[np.bool_], seed: int) -> Copies:
    """A clean copy of each row, and for rows of the classes some of different kinds, mild or middle; for others one."""
    generator = np.random.default_rng(seed)
    count, kinds = len(known), len(KINDS)
    clean = Copies(np.arange(count), np.full(count, CLEAN))
    strengths = generator.integers(0, 2, (count, kinds))
    ranks = generator.random((count, kinds)).argsort(axis=1)
    rows, number = np.nonzero(ranks < np.where(known, KINDS_EACH, 1)[:, np.newaxis])
    ways = 1 + 2 * number + strengths[rows, number]
    return Copies(np.concatenate([clean.rows, rows]), np.concatenate([clean.ways, ways]))


def make_copies(images: Images, copies: Copies, seed: int) -> Images:
    """The copies of photos (N, 32, 32, 3), in their order."""
    made = images[copies.rows]
    for way in np.unique(copies.ways[copies.ways != CLEAN]):
        chosen = copies.ways == way
        made[chosen] = change(made[chosen], WAYS[way - 1], seed)
    return made


def shares(copies: Copies) -> NDArray[np.float64]:
    """The share (N,) of its photo that each copy has in the mixture: most has the clean one, the others the same."""
    changed = (np.bincount(copies.rows)[copies.rows] - 1).clip(min=1)  # copies of the same row
    weights = np.where(copies.ways == CLEAN, CLEAN_SHARE, (1 - CLEAN_SHARE) / changed)
    return weights / np.bincount(copies.rows, weights)[copies.rows]  # a row without changed copies counts as much
