"""How far a run is, where there is no terminal, and in one."""

import io

from rich.console import Console

from pipelines.console.progress import Progress
from pipelines.operations.batch.bar import progress
from pipelines.operations.batch.following import Counts

STEPS = [Counts(), Counts(0, 0, 200), Counts(10, 0, 200), Counts(50, 0, 200), Counts(55, 0, 200), Counts(200, 3, 200)]


def shown(*, terminal: bool) -> str:
    output = io.StringIO()
    console = Console(file=output, width=100, force_terminal=terminal)
    with progress(Progress(console)) as show:
        for each in STEPS:
            show(each)
    return output.getvalue()


def test_elsewhere_each_tenth_is_a_line() -> None:
    assert [line.strip() for line in shown(terminal=False).splitlines()] == [
        "0 of 200 photos",
        "50 of 200 photos",
        "200 of 200 photos, 3 failed",
    ]


def test_in_a_terminal_there_is_a_bar() -> None:
    text = shown(terminal=True)
    assert "200/200" in text
    assert "3 failed" in text
