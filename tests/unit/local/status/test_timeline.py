"""Bars show when a step ran, as a share of the whole."""

from datetime import UTC, datetime, timedelta

from local.status.others import states_of
from local.status.records import Step
from local.status.timeline import LEAST_WIDTH, bars

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_bar_begins_and_ends_with_its_step() -> None:
    steps = [Step("A", "Succeeded", after(0), after(2)), Step("B", "Failed", after(2), after(8))]
    first, second = bars(steps, after(100))
    assert (first.left, first.width, first.seconds, first.tone) == (0, 25, 2, "good")
    assert (second.left, second.width, second.seconds, second.tone) == (25, 75, 6, "bad")


def test_what_has_not_ended_lasts_until_now() -> None:
    first, second = bars([Step("A", "Succeeded", after(0), after(5)), Step("B", "Executing", after(5))], after(10))
    assert (first.left, first.width) == (0, 50)
    assert (second.left, second.width, second.seconds, second.tone) == (50, 50, 5, "busy")


def test_a_step_that_took_no_time_is_seen_within_the_drawing() -> None:
    long, short = bars([Step("A", "Succeeded", after(0), after(9)), Step("B", "Stopped", after(9), after(9))], after(9))
    assert long.width == 100
    assert (short.left, short.width, short.tone) == (100 - LEAST_WIDTH, LEAST_WIDTH, "stopped")
    assert bars([], after(0)) == []
    assert [bar.width for bar in bars([Step("A", "Succeeded", after(0), after(0))], after(0))] == [LEAST_WIDTH]


def event(kind: str, name: str, seconds: float) -> dict[str, object]:
    key = "stateEnteredEventDetails" if kind.endswith("Entered") else "stateExitedEventDetails"
    return {"type": kind, key: {"name": name}, "timestamp": after(seconds)}


def test_states_are_those_of_the_history() -> None:
    history = [
        {"type": "ExecutionStarted", "timestamp": after(0)},
        event("TaskStateEntered", "A", 1),
        event("TaskStateExited", "A", 2),
        event("TaskStateEntered", "A", 3),
        {"type": "ExecutionFailed", "timestamp": after(5)},
    ]
    assert states_of(history, "FAILED") == (
        Step("A", "SUCCEEDED", after(1), after(2)),
        Step("A", "FAILED", after(3), after(5)),
    )
    assert states_of(history[:4], "RUNNING")[1] == Step("A", "RUNNING", after(3))
    assert states_of([], "RUNNING") == ()
