"""How far back the page about all windows reaches."""

from datetime import UTC, datetime

import pytest

from windows.history import shown_since


@pytest.mark.parametrize(
    ("now", "since"),
    [((2026, 3, 10), (2025, 3, 1)), ((2026, 1, 1), (2025, 1, 1)), ((2026, 12, 31), (2025, 12, 1))],
)
def test_twelve_months_before_this_one_can_be_shown(now: tuple[int, int, int], since: tuple[int, int, int]) -> None:
    assert shown_since(datetime(*now, 7, 30, 5, 9, tzinfo=UTC)) == datetime(*since, tzinfo=UTC)
