"""EventBridge's grammar of schedules."""

import pytest

from pipelines.settings.schedules import check_schedule


@pytest.mark.parametrize(
    "schedule",
    [
        "rate(1 day)", "rate(1 minute)", "rate(5 minutes)", "rate(12 hours)", "rate(100 days)",
        "cron(0 8 * * ? *)", "cron(15 10 ? * MON-FRI *)", "cron(0/15 * * * ? *)",
        "cron(0,30 8-17 1,15 jan-jun ? 2026-2030)",
        "cron(0 8 L * ? *)", "cron(0 8 15W * ? *)", "cron(0 8 LW * ? *)", "cron(0 8 L-3 * ? *)", "cron(0 8 ? * 2#1 *)",
        "cron(0 8 ? * MON#5 *)", "cron(0 8 ? * 6L *)", "cron(0 8 ? * L *)", "cron(0 8 ? 1/2 SUN,SAT 1970,2199)",
        "cron(5-55/10 0 1 1 ? *)",
    ],
)  # fmt: skip
def test_what_eventbridge_accepts(schedule: str) -> None:
    assert check_schedule(schedule) == schedule


@pytest.mark.parametrize(
    ("schedule", "reason"),
    [
        ("rate(1 days)", "plural unless it is 1"),
        ("rate(5 minute)", "plural unless it is 1"),
        ("rate(0 hours)", "a whole number above 0"),
        ("rate(1.5 hours)", "a schedule is"),
        ("rate(-1 hours)", "a schedule is"),
        ("rate(1 week)", "a schedule is"),
        ("rate(٥ minutes)", "a schedule is"),
        ("rate(1  day)", "a schedule is"),
        ("rate( 1 day )", "a schedule is"),
        ("Rate(1 day)", "a schedule is"),
        ("every day", "a schedule is"),
        ("0 8 * * ? *", "a schedule is"),
        ("at(2026-03-02T08:00:00)", "a schedule is"),
        ("cron(0 8 * * ?)", "it has 5 fields"),
        ("cron(0 0 8 * * ? *)", "it has 7 fields"),
        ("cron()", "it has 0 fields"),
        ("cron(0 8 * * * *)", "the day of month is '\\*' and the day of week '\\*'"),
        ("cron(0 8 ? * ? *)", "one of the two days is '\\?'"),
        ("cron(61 8 * * ? *)", "the minutes cannot be '61'; allowed is 0 to 59"),
        ("cron(0 24 * * ? *)", "the hours cannot be '24'"),
        ("cron(0 8 0 * ? *)", "the day of month cannot be '0'"),
        ("cron(0 8 32W * ? *)", "the day of month cannot be '32W'"),
        ("cron(0 8 * 13 ? *)", "the month cannot be '13'"),
        ("cron(0 8 ? * 0 *)", "the day of week cannot be '0'"),
        ("cron(0 8 ? * 2#6 *)", "the day of week cannot be '2#6'"),
        ("cron(0 8 ? * MONDAY *)", "the day of week cannot be 'MONDAY'"),
        ("cron(0 8 * * ? 2200)", "the year cannot be '2200'"),
        ("cron(? 8 * * ? *)", "the minutes cannot be '\\?'"),
        ("cron(0/0 8 * * ? *)", "the minutes cannot be '0/0'"),
        ("cron(0/a 8 * * ? *)", "the minutes cannot be '0/a'"),
        ("cron(0, 8 * * ? *)", "the minutes cannot be ''"),
        ("cron(1-2-3 8 * * ? *)", "the minutes cannot be '1-2-3'"),
        ("cron(², 8 * * ? *)", "the minutes cannot be '²'"),
    ],
)
def test_what_eventbridge_refuses(schedule: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        check_schedule(schedule)
