"""The metrics of all services and users: for each series, the distributions of its values by time.

Values are kept by the second, and older ones by the minute, as CloudWatch keeps them: there after three hours and for
15 months, here after a quarter of an hour and for a day.
"""

import json
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from local.metrics.distributions import Distribution, merged

MINUTE = 60
FINE_SECONDS = 15 * MINUTE  # for which values are kept by the second
KEPT_SECONDS = 24 * 60 * MINUTE
MOST_SERIES = 2000  # the one that got no values for the longest time is forgotten for a new one
REMEMBERED_SECONDS = 60.0  # for which the same is remembered, so that requests alone do not write to the disk
NO_UNIT = "None"
Dimensions = tuple[tuple[str, str], ...]  # names and values, in order of the names


@dataclass(frozen=True, order=True)
class Metric:
    """What identifies a series of values, besides their unit. `place` is the account and region."""

    place: str
    namespace: str
    name: str
    dimensions: Dimensions = ()


def dimensions(given: Mapping[str, str]) -> Dimensions:
    """Dimensions in the order in which metrics have them."""
    return tuple(sorted(given.items()))


Series = dict[tuple[int, int], Distribution]  # by the first second of a span of time, and the seconds that it lasts


class Metrics:
    """All series. Methods may be called from several threads at once."""

    def __init__(self) -> None:
        self._series: dict[Metric, dict[str, Series]] = {}
        self._lock = Lock()
        self._sources: list[Callable[[], None]] = []
        self._remembered = b""
        self._until = 0.0

    def close(self) -> None:
        """From now on, all values are remembered."""
        self._until = 0.0
        self.collect()

    def fed_by(self, source: Callable[[], None]) -> None:
        """Before anything is read, `source` is called, which puts what it has collected."""
        self._sources.append(source)

    def put(self, metric: Metric, second: float, values: Distribution, unit: str = NO_UNIT) -> None:
        """Adds values that were measured at a time, in seconds since 1970."""
        span = (int(second), 1)
        with self._lock:
            units = self._series.pop(metric, {})
            self._series[metric] = units  # now it is the last one
            series = units.setdefault(unit or NO_UNIT, {})
            if span in series:
                series[span] = merged([series[span], values]) or values
            else:  # time has gone on
                series[span] = values
                _age(series, max(start for start, _ in series))
            while len(self._series) > MOST_SERIES:
                del self._series[next(iter(self._series))]

    def within(self, metric: Metric, start: float, end: float, unit: str = "") -> list[tuple[int, Distribution]]:
        """The times and distributions from `start` up to `end`, oldest first; those of one unit, or of all units."""
        self.collect()
        with self._lock:
            found = [
                (first, values)
                for each, series in self._series.get(metric, {}).items()
                if unit in ("", each)
                for (first, _), values in series.items()
                if start <= first < end
            ]
        return sorted(found, key=lambda item: item[0])

    def unit(self, metric: Metric) -> str:
        """The unit of a metric; empty if it has several or none."""
        with self._lock:
            units = list(self._series.get(metric, ()))
        return units[0] if len(units) == 1 else ""

    def metrics(self) -> list[Metric]:
        """All metrics that have values."""
        self.collect()
        with self._lock:
            return sorted(self._series)

    def remember(self) -> bytes:
        """All values, as they were less than a minute ago, in compressed JSON: a snapshot takes it as it is."""
        if time.monotonic() >= self._until:
            with self._lock:
                plain = list(self._plain())
            self._remembered = zlib.compress(json.dumps(plain).encode(), 1)
            self._until = time.monotonic() + REMEMBERED_SECONDS
        return self._remembered

    def recall(self, kept: bytes) -> None:
        """Takes back what `remember` gave."""
        for place, namespace, name, given, unit, series in json.loads(zlib.decompress(kept)):
            metric = Metric(place, namespace, name, tuple((each[0], each[1]) for each in given))
            self._series.setdefault(metric, {})[unit] = {
                (start, lasts): Distribution(count, total, least, most, dict(values))
                for start, lasts, count, total, least, most, values in series
            }

    def collect(self) -> None:
        """Has all sources put what they have collected, as is done before anything is read."""
        for source in self._sources:
            source()

    def _plain(self) -> Iterator[tuple[Any, ...]]:
        for each, units in self._series.items():
            for unit, series in units.items():
                spans = [
                    (*span, values.count, values.total, values.least, values.most, list(values.values.items()))
                    for span, values in series.items()
                ]
                yield each.place, each.namespace, each.name, each.dimensions, unit, spans


def _age(series: Series, newest: int) -> None:
    """Puts seconds that have become old together to minutes, and drops what is too old. Times ascend, usually."""
    fine, kept = newest - FINE_SECONDS, newest - KEPT_SECONDS
    for start, lasts in [span for span in series if span[1] == 1 and span[0] < fine]:
        minute = (start // MINUTE * MINUTE, MINUTE)
        before = [series[minute]] if minute in series else []
        values = series.pop((start, lasts))
        series[minute] = merged([*before, values]) or values
    for span in [span for span in series if span[0] < kept]:
        del series[span]
