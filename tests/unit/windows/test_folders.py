"""Which folders can hold the records of a span of time."""

from datetime import UTC, datetime, timedelta

import pytest

from windows.folders import day_of, hour_of, may_hold
from windows.spans import EVERYTHING, Span

TEN = datetime(2026, 3, 1, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_folders_are_known_by_the_ends_of_their_names() -> None:
    assert day_of("vehicles/AllTraffic/2026/03/01") == TEN.replace(hour=0)
    assert hour_of("2026/03/01/10") == hour_of("vehicles/2026/03/01/10") == TEN
    for name in ("", "2026/03", "2026/02/31", "12026/03/01", "2026/03/01/24", "2026/03/01/10/more"):
        assert (day_of(name), hour_of(name)) == (None, None)


@pytest.mark.parametrize(
    ("folder", "held"),
    [
        ("vehicles", True),
        ("vehicles/AllTraffic/2026/03", True),
        ("vehicles/AllTraffic/2026/02/28", False),
        ("vehicles/AllTraffic/2026/03/01", True),
        ("vehicles/AllTraffic/2026/03/01/09", False),
        ("vehicles/AllTraffic/2026/03/01/10", True),
        ("vehicles/AllTraffic/2026/03/01/11", True),  # whose first records may be of the hour before
        ("vehicles/AllTraffic/2026/03/01/12", False),
    ],
)
def test_one_hour_is_in_its_folder_and_the_next(folder: str, held: bool) -> None:
    assert may_hold(folder, Span(TEN, TEN + HOUR)) is held
    assert may_hold(folder, EVERYTHING)


def test_the_last_hour_of_a_day_may_lie_in_the_next_days_folder() -> None:
    assert may_hold("2026/03/02", Span(TEN + 13 * HOUR, TEN + 14 * HOUR))
    assert not may_hold("2026/03/02", Span(TEN + 12 * HOUR, TEN + 13 * HOUR))
