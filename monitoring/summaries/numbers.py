"""What is kept of many numbers: exact count, sum, sum of squares, range, and a histogram with fixed bounds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Scale = Literal["share", "pixels"]
Array = NDArray[np.float64]
UNITS: dict[Scale, int] = {"share": 10**7, "pixels": 1}  # sums are of whole units, so that their order does not matter
SAFE = 2**25  # squares of units up to here can be added up 4,096 times in 64 bits


@cache
def bounds(scale: Scale) -> Array:
    """The bounds of the bins: thousandths, and finer ones near 0 and 1; or pixels, and steps of 1 % from 256."""
    if scale == "pixels":
        return np.concatenate([np.arange(257), np.unique(np.rint(256 * 1.01 ** np.arange(1, 600)))])
    tails = 10.0 ** -np.arange(3.1, 7.05, 0.1)
    return np.unique(np.concatenate([np.arange(1001) / 1000, tails, 1 - tails]))


@dataclass(frozen=True)
class Numbers:
    """Numbers of one kind. `bins` counts those from bound i - 1 to below bound i."""

    scale: Scale = "share"
    count: int = 0
    total: int = 0
    squares: int = 0
    least: float | None = None
    most: float | None = None
    bins: Mapping[int, int] = field(default_factory=dict)

    def __add__(self, other: "Numbers") -> "Numbers":
        """Both together."""
        if not other.count or not self.count:
            return self if self.count else other
        return Numbers(
            self.scale,
            self.count + other.count,
            self.total + other.total,
            self.squares + other.squares,
            smallest((self.least, other.least)),
            largest((self.most, other.most)),
            added(self.bins, other.bins),
        )

    @property
    def sum(self) -> float:
        """The sum."""
        return self.total / UNITS[self.scale]

    @property
    def mean(self) -> float:
        """The mean; there must be a number."""
        return self.total / (UNITS[self.scale] * self.count)

    @property
    def deviation(self) -> float:
        """The standard deviation of the population."""
        spread = self.squares * self.count - self.total**2  # whole numbers: nothing is rounded away
        return float(np.sqrt(spread / self.count**2)) / UNITS[self.scale]

    @property
    def chance(self) -> float:
        """The mean of p (1 - p), if the numbers are probabilities p: how much chance there is in what they promise."""
        unit = UNITS[self.scale]
        return (self.total * unit - self.squares) / (self.count * unit**2)

    def below(self, places: Sequence[float] | Array) -> Array:
        """How many numbers are below each place; inside a bin, as if they lay evenly between its bounds."""
        edges, counts = self.edges
        if not len(counts):
            return np.zeros(len(places))
        lower, upper = edges
        beyond, width = np.asarray(places)[:, None] - lower, upper - lower
        inside = np.clip(beyond / np.where(width > 0, width, 1), 0, 1)
        found: Array = np.where(width > 0, inside, beyond > 0) @ counts  # of one value alone, all or nothing
        return found

    @property
    def edges(self) -> tuple[tuple[Array, Array], Array]:
        """Lower and upper bounds of the bins that have numbers, no further out than these, and their counts."""
        limits = np.concatenate([[-np.inf], bounds(self.scale), [np.inf]])
        places = np.array(sorted(self.bins), np.intp)
        counts = np.array([self.bins[int(place)] for place in places], np.float64)
        least, most = (np.nan if end is None else end for end in (self.least, self.most))
        return (np.maximum(limits[places], least), np.minimum(limits[places + 1], most)), counts

    def quantile(self, share: float) -> float:
        """The number below which a share of them lies; NaN without any."""
        (lower, upper), counts = self.edges
        if not len(counts):
            return np.nan
        after = np.cumsum(counts)
        place = int(np.searchsorted(after, share * after[-1]))
        part = (share * after[-1] - (after[place] - counts[place])) / counts[place]
        return float(lower[place] + part * (upper[place] - lower[place]))


def numbers_of(values: Iterable[float], scale: Scale = "share") -> Numbers:
    """What is kept of these numbers."""
    found = np.fromiter(values, np.float64)
    if not found.size:
        return Numbers(scale)
    units = np.rint(found * UNITS[scale]).astype(np.int64)
    few = len(units) <= 4096 and int(np.abs(units).max()) <= SAFE
    squares = int((units**2).sum()) if few else sum(unit**2 for unit in units.tolist())
    places, counts = np.unique(np.searchsorted(bounds(scale), found, side="right"), return_counts=True)
    return Numbers(
        scale,
        len(found),
        int(units.sum()),
        squares,
        float(found.min()),
        float(found.max()),
        dict(zip(places.tolist(), counts.tolist(), strict=True)),
    )


def added(first: Mapping[Any, int], second: Mapping[Any, int]) -> dict[Any, int]:
    """Counts of both."""
    found = dict(first)
    for key, count in second.items():
        found[key] = found.get(key, 0) + count
    return found


def smallest(values: Iterable[Any]) -> Any:  # noqa: ANN401 - numbers or times
    """The smallest of the values that are there; None without any."""
    return min((value for value in values if value is not None), default=None)


def largest(values: Iterable[Any]) -> Any:  # noqa: ANN401 - numbers or times
    """The largest of the values that are there; None without any."""
    return max((value for value in values if value is not None), default=None)
