"""Shows progress and results on a console: as tables that fit a terminal, as plain lines elsewhere."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from pipelines.waiting.pipeline_executions import Step

WITHOUT_TERMINAL = 1000  # characters of width for tables; no name in AWS is longer than that
STYLES = {"Succeeded": "green", "Failed": "bold red", "Stopped": "yellow", "Executing": "cyan", "Starting": "cyan"}


class Progress:
    """Prints the stages of a run and records how many seconds each took."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.seconds: dict[str, float] = {}
        self._said: set[tuple[str, str]] = set()
        self._live: Live | None = None

    @contextmanager
    def stage(self, name: str, title: str) -> Iterator[None]:
        """Announces a stage and measures its time."""
        self.console.print(Text(f"▸ {title}", style="bold"))
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - started, 2)

    def note(self, text: str) -> None:
        """Prints lines below the stage's title."""
        for line in text.splitlines():
            self.console.print(Text(f"  {line}"), soft_wrap=True)

    def print_table(self, table: Table) -> None:
        """Prints a table as wide as the terminal; to a file or program, so wide that ARNs and URIs stay whole."""
        wide = Console(file=self.console.file, width=WITHOUT_TERMINAL)
        (self.console if self.console.is_terminal else wide).print(table)

    @contextmanager
    def steps(self) -> Iterator[None]:
        """In a terminal, `show` updates one live table while this context is open."""
        self._said.clear()
        if not self.console.is_terminal:
            yield
            return
        with Live(console=self.console, refresh_per_second=8) as live:
            self._live = live
            try:
                yield
            finally:
                self._live = None

    def show(self, steps: Sequence[Step]) -> None:
        """Shows the present state of a pipeline execution's steps."""
        if self._live is not None:
            self._live.update(_table(steps))
            return
        for step in steps:
            if (step.name, step.status) not in self._said:
                self._said.add((step.name, step.status))
                self.note(f"{step.name}: {describe(step)}")


def describe(step: Step) -> str:
    """The state of a step in a few words."""
    if step.reused_from:
        return f"reused: its inputs are those of execution {step.reused_from.rpartition('/')[2]}"
    if step.status == "Succeeded" and "Condition" in step.metadata:
        return f"{step.status}: {step.metadata['Condition'].get('Outcome')}"
    if step.status in STYLES and step.seconds is not None:
        return f"{step.status} after {step.seconds:.1f} s"
    return step.status


def _table(steps: Sequence[Step]) -> Table:
    table = Table(box=None, padding=(0, 2), show_header=False)
    for step in steps:
        style = STYLES.get(step.status, "")
        text = describe(step)
        if step.started and not step.ended:
            text = f"{text} for {(datetime.now(UTC) - step.started).total_seconds():.0f} s"
        table.add_row(Text(step.name, style="bold"), Text(text, style=style))
    return table
