"""Changed copies of photos that a network has not learnt from: what temperature and threshold are chosen by."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steps.arrays import Images
from steps.robustness.changes import KINDS, MIDDLE, MILD, change

CLEAN = 0  # the number of the way in which a copy that is not changed is made
WAYS = tuple((kind, strength) for kind in KINDS for strength in (MILD, MIDDLE))  # numbered from 1 on
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
    """A clean copy of each row, and of rows of the classes one of each kind, mild or middle; of others one of any."""
    generator = np.random.default_rng(seed)
    count, kinds = len(known), len(KINDS)
    clean = Copies(np.arange(count), np.full(count, CLEAN))
    strengths = generator.integers(0, 2, (count, kinds))
    drawn = generator.integers(0, kinds, (count, 1)) == np.arange(kinds)
    rows, number = np.nonzero(known[:, np.newaxis] | drawn)
    ways = 1 + 2 * number + strengths[rows, number]
    return Copies(np.concatenate([clean.rows, rows]), np.concatenate([clean.ways, ways]))


def make_copies(images: Images, copies: Copies, seed: int) -> Images:
    """The copies of photos (N, 32, 32, 3), in their order."""
    made = images[copies.rows]
    for way in np.unique(copies.ways[copies.ways != CLEAN]):
        chosen = copies.ways == way
        made[chosen] = change(made[chosen], WAYS[way - 1], seed)
    return made


def draw_mixture(copies: Copies, seed: int) -> NDArray[np.intp]:
    """One copy of each row, its position among all copies: clean for most rows, for the others any changed one.

    Copies of a photo resemble one another. Of each photo only one counts where a proof takes independent cases.
    """
    generator = np.random.default_rng(seed)
    changed = (np.bincount(copies.rows)[copies.rows] - 1).clip(min=1)  # copies of the same row
    weights = np.where(copies.ways == CLEAN, CLEAN_SHARE, (1 - CLEAN_SHARE) / changed)
    # Of exponential waiting times with these rates, the first is each copy's with a chance in proportion to its rate.
    waits = generator.exponential(size=len(weights)) / weights
    order = np.lexsort((waits, copies.rows))
    return order[np.unique(copies.rows[order], return_index=True)[1]]
