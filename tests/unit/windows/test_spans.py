"""Spans of time that windows are."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from windows.spans import EVERYTHING, Span, just_ended, reach

START = datetime(2026, 3, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def test_two_weeks_before_a_window_are_read() -> None:
    end = START + 12 * DAY
    assert reach(Span(START, end)) == Span(START - 14 * DAY, end)
    assert reach(Span(end=end)) == Span(end - 15 * DAY, end)
    assert reach(Span(start=START)) == Span(START - 14 * DAY)
    assert reach(EVERYTHING) == EVERYTHING


@pytest.mark.parametrize(
    ("unit", "now", "start"),
    [
        ("day", "2026-03-09T00:00:00+00:00", START),
        ("day", "2026-03-09T23:59:59+00:00", START),
        ("day", "2026-03-10T00:30:00+01:00", START),  # which is still the ninth in UTC
        ("hour", "2026-03-08T01:00:00+00:00", START),
        ("hour", "2026-03-08T01:59:59.999999+00:00", START),
    ],
)
def test_the_window_that_just_ended(unit: str, now: str, start: datetime) -> None:
    length = DAY if unit == "day" else timedelta(hours=1)
    assert just_ended(unit, datetime.fromisoformat(now)) == Span(start, start + length)


def test_a_machine_in_another_zone_finds_the_same_window(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        assert just_ended("day", START + DAY) == Span(START, START + DAY)
    time.tzset()


def test_a_span_has_its_start_and_not_its_end() -> None:
    span = Span(START, START + DAY)
    assert (span.has(START), span.has(START + DAY)) == (True, False)
    assert (span.touches(START - DAY, START), span.touches(START + DAY, START + 2 * DAY)) == (False, False)
    moment = timedelta(microseconds=1)
    assert (span.has(START - moment), span.has(START + DAY - moment)) == (False, True)
    assert span.touches(START - DAY, START + moment)
    assert span.touches(START + DAY - moment, START + 2 * DAY)


def test_a_span_may_be_open() -> None:
    since, before = Span(start=START), Span(end=START)
    assert [span.has(time) for span in (since, before) for time in (START - DAY, START)] == [False, True, True, False]
    for length in (DAY, 2 * DAY):
        assert [span.touches(START - length, START) for span in (since, before)] == [False, True]
        assert [span.touches(START, START + length) for span in (since, before)] == [True, False]
    assert EVERYTHING.has(START)
    assert EVERYTHING.touches(START, START)
