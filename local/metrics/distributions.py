"""What is kept of the values of a metric within one second or minute, and the statistics of it. Pure."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PERCENTILE = re.compile(r"p(?P<percent>\d{1,2}(\.\d{1,10})?|100)")
DIGITS = 3  # that are kept of a value for percentiles, which are thus exact to half a percent


@dataclass(frozen=True)
class Distribution:
    """Values of a metric. `values` counts the rounded ones; it is empty for values of which only sums were given."""

    count: float
    total: float
    least: float
    most: float
    values: Mapping[float, float] = field(default_factory=dict)

    def statistic(self, name: str) -> float | None:
        """A statistic by its name in CloudWatch, such as Sum or p99.9; None for one that the values do not give."""
        if match := PERCENTILE.fullmatch(name):
            return self._percentile(float(match["percent"]))
        known = {"Sum": self.total, "Minimum": self.least, "Maximum": self.most, "SampleCount": self.count}
        return self.total / self.count if name == "Average" else known.get(name)

    def _percentile(self, percent: float) -> float | None:
        """The smallest value that at least so many percent of the values do not exceed."""
        if not self.values:  # CloudWatch has percentiles of such values only if there is one, or all are the same
            return self.least if self.least == self.most else None
        wanted, seen = percent / 100 * sum(self.values.values()), 0.0
        for value in sorted(self.values):
            seen += self.values[value]
            if seen >= wanted:
                return min(max(value, self.least), self.most)
        return self.most


def is_statistic(name: str) -> bool:
    """Whether a statistic can be computed here."""
    return name in ("Average", "Sum", "Minimum", "Maximum", "SampleCount") or bool(PERCENTILE.fullmatch(name))


def of_values(values: Mapping[float, float]) -> Distribution:
    """The distribution of at least one value; the mapping says how often each one occurred."""
    rounded: Counter[float] = Counter()
    for value, count in values.items():
        rounded[_rounded(value)] += count  # type: ignore[assignment]  # counts may be fractions
    total = math.fsum(value * count for value, count in values.items())
    return Distribution(math.fsum(values.values()), total, min(values), max(values), dict(rounded))


def merged(parts: Iterable[Distribution]) -> Distribution | None:
    """All values of several distributions; None without any. Percentiles need the values of all of them."""
    found = list(parts)
    if len(found) < 2:
        return found[0] if found else None
    values: Counter[float] = Counter()
    if all(part.values for part in found):
        for part in found:
            for value, count in part.values.items():
                values[value] += count  # type: ignore[assignment]
    return Distribution(
        math.fsum(part.count for part in found),
        math.fsum(part.total for part in found),
        min(part.least for part in found),
        max(part.most for part in found),
        dict(values),
    )


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
