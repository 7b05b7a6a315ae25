"""How far back the page about all windows reaches."""

from datetime import UTC, datetime

import pytest

from windows import history

Day = tuple[int, int, int]


@pytest.mark.parametrize(
    ("months", "now", "since"),
    [
        (12, (2026, 3, 10), (2025, 3, 1)),
        (12, (2026, 1, 1), (2025, 1, 1)),
        (12, (2026, 12, 31), (2025, 12, 1)),
        (5, (2026, 3, 31), (2025, 10, 1)),
        (5, (2026, 12, 31), (2026, 7, 1)),
    ],
)
def test_the_months_before_this_one_can_be_shown(
    months: int, now: Day, since: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MONTHS", months)
    assert history.shown_since(datetime(*now, 7, 30, 5, 9, tzinfo=UTC)) == datetime(*since, tzinfo=UTC)
