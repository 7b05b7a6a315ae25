"""Data points of a metric: one statistic, or several, of each period."""

from collections import defaultdict
from collections.abc import Iterable

from local.metrics.distributions import Distribution, merged


def by_period(found: Iterable[tuple[int, Distribution]], period: int) -> list[tuple[int, Distribution]]:
    """The distribution of each period that has values, oldest first; a period begins at a multiple of its length."""
    return _grouped((second // period * period, values) for second, values in found)


def until(found: Iterable[tuple[int, Distribution]], end: int, period: int, number: int) -> list[Distribution | None]:
    """The distributions of the `number` periods of which the last one ends at `end`; None for one without values."""
    start = end - number * period
    inside = ((second, values) for second, values in found if start <= second < end)
    grouped = dict(_grouped(((second - start) // period, values) for second, values in inside))
    return [grouped.get(place) for place in range(number)]


def _grouped(found: Iterable[tuple[int, Distribution]]) -> list[tuple[int, Distribution]]:
    groups: defaultdict[int, list[Distribution]] = defaultdict(list)
    for key, values in found:
        groups[key].append(values)
    return [(key, whole) for key in sorted(groups) if (whole := merged(groups[key]))]
