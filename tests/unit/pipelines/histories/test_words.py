from datetime import UTC, datetime, timedelta

import pytest

from pipelines.histories import words
from pipelines.histories.visits import Problem, Status, Visit

START = datetime(2026, 3, 1, 10, tzinfo=UTC)


def visit(seconds: float | None = 1, status: Status = "succeeded", *errors: str, tries: int = 0) -> Visit:
    ended = None if seconds is None else START + timedelta(seconds=seconds)
    return Visit("A", status, START, ended, tries, tuple(Problem(error, "why") for error in errors), 340, 1_249)


@pytest.mark.parametrize(
    ("duration", "text"),
    [(0.0, "0 ms"), (0.0084, "8 ms"), (0.41, "0.41 s"), (9.999, "10.0 s"), (59.96, "1 min 0 s"), (125, "2 min 5 s")],
)
def test_durations(duration: float, text: str) -> None:
    assert words.duration(duration) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(None, "?"), (0, "0 B"), (999, "999 B"), (1_249, "1.2 kB"), (9_949, "9.9 kB"), (262_144, "262 kB")],
)
def test_sizes(count: int | None, text: str) -> None:
    assert words.size(count) == text


def test_one_visit() -> None:
    visits = [visit(0.5, tries=1)]
    assert (words.outcome(visits), words.time(visits), words.payload(visits)) == (
        "succeeded",
        "0.50 s",
        "340 B → 1.2 kB",
    )
    assert (words.tries(visits), words.errors(visits)) == ("", "")


def test_several_visits() -> None:
    visits = [visit(1), visit(3), visit(None, "running")]
    assert words.outcome(visits) == "3 visits: 2 succeeded, 1 running"
    assert words.time(visits) == "2.00 s each, 3.00 s at most"


def test_a_running_state_has_no_time() -> None:
    assert words.time([visit(None, "running")]) == ""


def test_retries_and_their_errors() -> None:
    visits = [visit(1, "succeeded", "Throttled", "Throttled", "Odd", tries=4)]
    assert words.tries(visits) == "4 tries"
    assert words.errors(visits) == "Throttled × 2, Odd"
    assert words.causes(visits) == "Throttled × 2: why\nOdd: why"


def test_items_of_a_distributed_map() -> None:
    assert words.items({"total": 10_000, "succeeded": 9_998, "failed": 2, "running": 0}) == (
        "10,000 items: 9,998 succeeded, 2 failed"
    )
    assert words.items({"total": 0}) == "0 items"
    assert words.items({"total": 1, "failed": 1}, "child", "children") == "1 child: 1 failed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, ""),
        ("plain\nwords", "plain words"),
        ('{"errorMessage": "no such photo", "stackTrace": ["…"]}', "no such photo"),
        ('{"other": 1}', '{"other": 1}'),
        ("red \x1b[31m", "red ?[31m"),
        ("word " * 200, "word " * 79 + "…"),
    ],
)
def test_causes(text: str | None, said: str) -> None:
    assert words.cause(text) == said
