from datetime import UTC, datetime

import pytest

from local.events.schedules import schedule
from local.protocol.errors import ValidationError

WEDNESDAY = datetime(2026, 7, 15, 10, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(1 minute)", (2026, 7, 15, 10, 8, 30)),
        ("rate(2 days)", (2026, 7, 17, 10, 7, 30)),
        ("cron(* * * * ? *)", (2026, 7, 15, 10, 8)),
        ("cron(0/15 10-11 * * ? *)", (2026, 7, 15, 10, 15)),
        ("cron(5 10 * * ? *)", (2026, 7, 16, 10, 5)),
        ("cron(0 8 ? * MON-FRI *)", (2026, 7, 16, 8, 0)),
        ("cron(0 8 ? * 1 *)", (2026, 7, 19, 8, 0)),
        ("cron(30 23 31 * ? *)", (2026, 7, 31, 23, 30)),
        ("cron(0 0 29 FEB ? *)", (2028, 2, 29, 0, 0)),
        ("cron(0 0 L * ? *)", (2026, 7, 31, 0, 0)),
        ("cron(0 0 15W * ? *)", (2026, 8, 14, 0, 0)),
        ("cron(0 0 ? * 6#3 *)", (2026, 7, 17, 0, 0)),
        ("cron(0,30 10 * 7,8 ? 2026-2030)", (2026, 7, 15, 10, 30)),
    ],
)
def test_the_next_time(expression: str, expected: tuple[int, ...]) -> None:
    year, month, day, *clock = expected
    assert schedule(expression)(WEDNESDAY) == datetime(year, month, day, *clock, tzinfo=UTC)


def test_a_schedule_may_be_over() -> None:
    assert schedule("cron(0 0 1 1 ? 2020)")(WEDNESDAY) is None


@pytest.mark.parametrize(
    "expression",
    ["rate(1 month)", "rate(0 days)", "cron(* * *)", "cron(60 * * * ? *)", "cron(0/0 * * * ? *)", "every day"],
)
def test_what_cannot_be_read_is_refused(expression: str) -> None:
    with pytest.raises(ValidationError, match="ScheduleExpression is not valid"):
        schedule(expression)
