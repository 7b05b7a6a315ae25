"""Bars in a terminal, and lines where there is none."""

import io

import pytest
from rich.console import Console

from pipelines.console.bars import bytes_bar, telling_bar


def output(*, terminal: bool) -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, force_terminal=terminal, width=100, highlight=False), text


def test_elsewhere_a_line_each_tenth() -> None:
    console, text = output(terminal=False)
    with bytes_bar(console, "[a].gz", 1000) as report:
        for done in (5, 99, 100, 150, 420, 1000):
            report(done)
    assert text.getvalue().splitlines() == [f"[a].gz: {done} % of 1,000 bytes" for done in (10, 42, 100)]


def test_a_terminal_has_a_bar() -> None:
    console, text = output(terminal=True)
    with bytes_bar(console, "[a].gz", 2_000_000) as report:
        report(1_000_000)
    assert "[a].gz" in text.getvalue()
    assert "1.0/2.0 MB" in text.getvalue()


@pytest.mark.parametrize("terminal", [True, False])
def test_words_are_no_markup(*, terminal: bool) -> None:
    console, text = output(terminal=terminal)
    with telling_bar(console, 10) as tell:
        tell(5, "5 of 10, [bold]2 errors")
    assert "5 of 10, [bold]2 errors" in text.getvalue()
