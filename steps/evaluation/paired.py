"""Compares two models on the same photos: McNemar's test and Newcombe's interval for paired proportions."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobs.intervals import wilson_interval
from steps.classifier.binomial import binomial_cdf


@dataclass(frozen=True)
class Comparison:
    """Challenger against champion on the same photos.

    `difference` is the challenger's accuracy minus the champion's, `low` and `high` limit its 95 % interval, and
    `p_value` tests the hypothesis that both are equally accurate.
    """

    both_right: int
    only_challenger: int
    only_champion: int
    both_wrong: int
    difference: float
    low: float
    high: float
    p_value: float

    @property
    def outcome(self) -> str:
        """`better` or `worse` if the interval excludes zero, else `undecided`."""
        if self.low > 0:
            return "better"
        return "worse" if self.high < 0 else "undecided"


def compare(challenger: NDArray[np.bool_], champion: NDArray[np.bool_]) -> Comparison:
    """Compare two models by which of the photos (N,), N ≥ 1, each classifies correctly."""
    counts = (
        int((challenger & champion).sum()),
        int((challenger & ~champion).sum()),
        int((~challenger & champion).sum()),
        int((~challenger & ~champion).sum()),
    )
    low, high = difference_interval(*counts)
    difference = (counts[1] - counts[2]) / sum(counts)
    return Comparison(*counts, difference=difference, low=low, high=high, p_value=mcnemar(counts[1], counts[2]))


def mcnemar(one: int, other: int) -> float:
    """Two-sided exact p-value of McNemar's test: are disagreements equally likely in both directions?

    The smaller tail of a binomial with probability ½, doubled (Agresti, "Categorical Data Analysis", 3rd ed., 11.1).
    """
    return min(1.0, 2 * binomial_cdf(min(one, other), one + other, 0.5))


def difference_interval(both: int, one: int, other: int, neither: int) -> tuple[float, float]:
    """95 % interval of the difference of two paired proportions, square-and-add from Wilson intervals.

    Method 10 of Newcombe, "Improved confidence intervals for the difference between binomial proportions based on
    paired data", Statistics in Medicine 17, 1998; its coverage holds also for few photos and extreme proportions.
    """
    total = both + one + other + neither
    first, second = (both + one) / total, (both + other) / total
    (low1, high1), (low2, high2) = wilson_interval(first, total), wilson_interval(second, total)
    phi = _correlation(both, one, other, neither)
    below = _reach(first - low1, high2 - second, phi)
    above = _reach(high1 - first, second - low2, phi)
    return max(-1.0, first - second - below), min(1.0, first - second + above)


def _reach(one: float, other: float, phi: float) -> float:
    return math.sqrt(max(0.0, one**2 - 2 * phi * one * other + other**2))


def _correlation(both: int, one: int, other: int, neither: int) -> float:
    """Newcombe's φ of the fourfold table, with his continuity correction of a positive one; 0 in a degenerate table."""
    margins = (both + one) * (other + neither) * (both + other) * (one + neither)
    if not margins:
        return 0.0
    numerator = float(both * neither - one * other)
    if numerator > 0:
        numerator = max(0.0, numerator - (both + one + other + neither) / 2)
    return numerator / math.sqrt(margins)
