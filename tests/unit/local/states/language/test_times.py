from datetime import UTC, datetime, timedelta, timezone

from local.states.language.times import entered, text


def test_a_time_is_written_in_utc_with_milliseconds() -> None:
    assert text(datetime(2026, 1, 31, 12, 0, 0, 1500, UTC)) == "2026-01-31T12:00:00.001Z"
    assert text(datetime(2026, 1, 31, 12, tzinfo=timezone(timedelta(hours=2)))) == "2026-01-31T10:00:00.000Z"


def test_the_state_says_when_it_was_entered() -> None:
    state = entered(Name="A", EnteredTime="2026-01-31T12:00:00.123456+00:00")
    assert state == {"Name": "A", "EnteredTime": "2026-01-31T12:00:00.123Z"}
