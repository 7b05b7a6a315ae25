"""The window: which photos lie in it, and which came before."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pandas as pd
from profiled import window_of_times

from monitoring.judgement.window import DAY, Window, zulu
from monitoring.profiles.profile import Counts
from windows.spans import EVERYTHING, Span

START = datetime(2026, 3, 8, tzinfo=UTC)
NOW = datetime(2026, 3, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


def window_of(hours: Sequence[float], span: Span) -> Window:
    """A window of photos that came so many hours after the start."""
    return window_of_times([START + hour * HOUR for hour in hours], span, NOW)


def hours(counts: Counts) -> list[int]:
    """The hours after the start in which photos were counted."""
    return sorted((datetime.fromisoformat(f"{hour[:13]}:00Z") - START) // HOUR for hour in counts.hours)


def test_the_last_day_that_has_photos_from_a_full_hour_on() -> None:
    window = window_of((0, 10, 24, 33.505), EVERYTHING)
    assert (hours(window.past), hours(window.counts)) == ([0], [10, 24, 33])
    assert (window.start, window.end) == (START + 10 * HOUR, START + 33.505 * HOUR + timedelta(microseconds=1))


def test_a_window_begins_with_the_first_photo() -> None:
    window = window_of((3.2, 5), EVERYTHING)
    assert (window.start, hours(window.counts), hours(window.past)) == (START + 3.2 * HOUR, [3, 5], [])


def test_where_older_photos_are_known_it_is_a_whole_day() -> None:
    window = window_of_times([START + 5 * HOUR], EVERYTHING, NOW, older=True)
    assert window.start == START - 18 * HOUR


def test_the_start_belongs_to_a_span_and_the_end_does_not() -> None:
    window = window_of((0, 1, 2, 3), Span(START + HOUR, START + 3 * HOUR))
    assert (hours(window.past), hours(window.counts)) == ([0], [1, 2])
    assert (window.start, window.end) == (START + HOUR, START + 3 * HOUR)


def test_rows_of_a_table_are_those_of_the_window() -> None:
    window = window_of((0, 1, 2, 3), Span(START + HOUR, START + 3 * HOUR))
    table = pd.DataFrame({"time": [START + hour * HOUR for hour in (0, 1, 2, 3)], "hour": [0, 1, 2, 3]})
    rows = window.only(table)
    assert rows is not None
    assert rows["hour"].tolist() == [1, 2]
    assert window.only(None) is None


def test_one_bound_may_be_left_out() -> None:
    assert hours(window_of((0, 1, 2), Span(start=START + HOUR)).counts) == [1, 2]
    until = window_of((0, 30, 50, 60), Span(end=START + 51 * HOUR))
    assert (hours(until.past), hours(until.counts), until.start) == ([0], [30, 50], START + 27 * HOUR)


def test_without_photos_it_is_the_day_before_now() -> None:
    window = window_of((), EVERYTHING)
    assert (window.start, window.end, window.photos, window.past.photos) == (NOW - DAY, NOW, 0, 0)
    assert timedelta(days=1) == DAY


def test_times_are_written_as_in_sagemakers_files() -> None:
    assert zulu(START) == "2026-03-08T00:00:00Z"
