"""The window: which photos lie in it, which came before, and which of them are looked at."""

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from monitoring.judgement.window import DAY, EVERYTHING, Span, sampled, window_of, zulu

START = datetime(2026, 3, 8, tzinfo=UTC)
NOW = datetime(2026, 3, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


def photos(*hours: float) -> pd.DataFrame:
    """Photos so many hours after the start; the row's label is the hour."""
    times = pd.Series([START + hour * HOUR for hour in hours], dtype="datetime64[ns, UTC]")
    return pd.DataFrame({"time": times.to_numpy()}, index=list(hours)).assign(time=list(times))


def hours(table: pd.DataFrame) -> list[float]:
    return list(table.index)


def test_the_last_day_that_has_photos() -> None:
    window = window_of(photos(0, 10, 24, 33), EVERYTHING, NOW)
    assert (hours(window.past), hours(window.photos)) == ([0], [10, 24, 33])
    assert (window.start, window.end) == (
        START + 9 * HOUR + timedelta(microseconds=1),
        START + 33 * HOUR + timedelta(microseconds=1),
    )


def test_a_window_begins_with_the_first_photo() -> None:
    window = window_of(photos(3, 5), EVERYTHING, NOW)
    assert (window.start, hours(window.photos), hours(window.past)) == (START + 3 * HOUR, [3, 5], [])


def test_the_start_belongs_to_a_span_and_the_end_does_not() -> None:
    window = window_of(photos(0, 1, 2, 3), Span(START + HOUR, START + 3 * HOUR), NOW)
    assert (hours(window.past), hours(window.photos)) == ([0], [1, 2])
    assert (window.start, window.end) == (START + HOUR, START + 3 * HOUR)


def test_one_bound_may_be_left_out() -> None:
    assert hours(window_of(photos(0, 1, 2), Span(start=START + HOUR), NOW).photos) == [1, 2]
    until = window_of(photos(0, 30, 50, 60), Span(end=START + 51 * HOUR), NOW)
    assert (hours(until.past), hours(until.photos), until.start) == ([0], [30, 50], START + 27 * HOUR)


def test_without_photos_it_is_the_day_before_now() -> None:
    window = window_of(photos(), EVERYTHING, NOW)
    assert (window.start, window.end, len(window.photos), len(window.past)) == (NOW - DAY, NOW, 0, 0)
    assert timedelta(days=1) == DAY


def test_each_readable_picture_once() -> None:
    table = photos(0, 1, 2, 3, 4).assign(
        status=["ok", "unreadable", "ok", "ok", "ok"], image_digest=["a", "b", None, "a", "c"]
    )
    assert hours(window_of(table, EVERYTHING, NOW).pictures) == [0, 4]


def test_times_are_written_as_in_sagemakers_files() -> None:
    assert zulu(START) == "2026-03-08T00:00:00Z"


def events(count: int) -> pd.DataFrame:
    return pd.DataFrame({"event_id": [f"event-{number}" for number in range(count)], "position": 0})


@pytest.mark.parametrize("count", [9, 10])
def test_few_rows_are_all_taken(count: int) -> None:
    assert sampled(events(count), 10).equals(events(count))
    assert len(sampled(events(601))) == 600


def test_a_sample_does_not_depend_on_what_came_with_it() -> None:
    rows = events(50)
    chosen = sampled(rows, 10)
    assert len(chosen) == 10
    assert list(chosen.index) == sorted(chosen.index)
    fewer = rows.loc[sorted({*chosen.index, *range(5)})]
    assert sampled(fewer, 10).equals(chosen)


def test_photos_of_one_event_are_drawn_by_their_position() -> None:
    """Which ones is the same at any time, and on any machine."""
    together = pd.DataFrame({"event_id": "event-0", "position": range(50)})
    assert list(sampled(together, 5)["position"]) == [5, 16, 28, 33, 38]
