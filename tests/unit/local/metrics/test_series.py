"""What is kept of metrics, for how long, and how it is read."""

import pytest

from local.metrics import series
from local.metrics.distributions import of_values
from local.metrics.series import FINE_SECONDS, KEPT_SECONDS, Metric, Metrics, dimensions
from local.metrics.windows import by_period, until

METRIC = Metric("1/eu-west-1", "Bakery", "Scones", dimensions({"Oven": "left"}))
NOON = 1_800_000_000 - 1_800_000_000 % 3600


def one(value: float = 1.0) -> series.Distribution:
    return of_values({value: 1})


def test_values_of_a_second_are_kept_together_and_others_apart() -> None:
    metrics = Metrics()
    metrics.put(METRIC, NOON + 0.2, one(1))
    metrics.put(METRIC, NOON + 0.9, one(2))
    metrics.put(METRIC, NOON + 1, one(4), unit="Count")
    found = [(second - NOON, values.total) for second, values in metrics.within(METRIC, NOON, NOON + 10)]
    assert found == [(0, 3), (1, 4)]
    assert [values.total for _, values in metrics.within(METRIC, NOON, NOON + 10, "Count")] == [4]
    assert metrics.within(METRIC, NOON + 2, NOON + 10) == []
    assert metrics.within(Metric("1/eu-west-1", "Bakery", "Scones"), NOON, NOON + 10) == []


def test_old_values_are_kept_by_the_minute_and_older_ones_are_dropped() -> None:
    metrics = Metrics()
    for second in range(120):
        metrics.put(METRIC, NOON + second, one())
    metrics.put(METRIC, NOON + 120 + FINE_SECONDS, one())
    found = [(second - NOON, values.count) for second, values in metrics.within(METRIC, NOON, NOON + 120)]
    assert found == [(0, 60), (60, 60)]
    metrics.put(METRIC, NOON + 61 + KEPT_SECONDS, one())
    assert [second - NOON for second, _ in metrics.within(METRIC, NOON, NOON + 3600)] == [960 + 60]


def test_the_series_without_values_for_the_longest_time_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "MOST_SERIES", 2)
    metrics = Metrics()
    for name in ("a", "b", "a", "c"):
        metrics.put(Metric("p", "n", name), NOON, one())
    assert [metric.name for metric in metrics.metrics()] == ["a", "c"]


def test_sources_are_asked_before_anything_is_read() -> None:
    metrics = Metrics()
    metrics.fed_by(lambda: metrics.put(METRIC, NOON, one()))
    assert len(metrics.within(METRIC, NOON, NOON + 1)) == 1


def test_metrics_are_remembered_as_they_were_less_than_a_minute_ago() -> None:
    metrics, again = Metrics(), Metrics()
    metrics.put(METRIC, NOON, one(7), unit="Count")
    kept = metrics.remember()
    metrics.put(METRIC, NOON + 1, one())
    assert metrics.remember() is kept
    again.recall(kept)
    assert again.within(METRIC, NOON, NOON + 2) == [(NOON, one(7))]
    assert again.within(METRIC, NOON, NOON + 2, "Count") == [(NOON, one(7))]
    metrics.close()
    again.recall(metrics.remember())
    assert len(again.within(METRIC, NOON, NOON + 2)) == 2


def test_periods() -> None:
    found = [(NOON + second, one(second)) for second in (59, 60, 61, 130)]
    assert [(second - NOON, values.total) for second, values in by_period(found, 60)] == [
        (0, 59),
        (60, 121),
        (120, 130),
    ]
    newest = until(found, NOON + 131, 60, 3)
    assert [values and values.total for values in newest] == [None, 59 + 60 + 61, 130]
