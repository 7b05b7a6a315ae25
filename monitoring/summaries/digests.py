"""A set of 64-bit digests that takes eight bytes for each."""

import numpy as np
from numpy.typing import NDArray

Digests = NDArray[np.uint64]


class DigestSet:
    """Digests that were added, as sorted arrays of which each is much larger than the next."""

    def __init__(self) -> None:
        """An empty set."""
        self._parts: list[Digests] = []

    def known(self, digests: Digests) -> NDArray[np.bool_]:
        """Which of the digests were added before."""
        found = np.zeros(len(digests), bool)
        for part in self._parts:
            place = np.minimum(np.searchsorted(part, digests), len(part) - 1)
            found |= part[place] == digests
        return found

    def add(self, digests: Digests) -> None:
        """Adds digests."""
        if not len(digests):
            return
        added = np.unique(digests)
        while self._parts and len(self._parts[-1]) < 2 * len(added):
            added = np.union1d(self._parts.pop(), added)
        self._parts.append(added)
