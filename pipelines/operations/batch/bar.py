"""Shows how far a run is: a bar with rate and time left in a terminal, a line at each tenth elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from pipelines.console.bars import Tenths
from pipelines.console.progress import Progress as Console
from pipelines.operations.batch.following import Counts, Show

RATE_SECONDS = 30  # of which the rate is


class Rate(TextColumn):
    """Photos a second, as of late."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        """The rate of a task; nothing before there is one."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.0f} photos/s" if speed else "")


@contextmanager
def progress(console: Console) -> Iterator[Show]:
    """What shows the counts while the context is open."""
    if not console.console.is_terminal:
        yield Lines(console)
        return
    columns = (BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn(), TextColumn("{task.fields[failed]}"))
    with Progress(*columns, console=console.console, speed_estimate_period=RATE_SECONDS) as bar:
        task = bar.add_task("photos", total=None, failed="")

        def show(counts: Counts) -> None:
            failed = f"{counts.failed:,} failed" if counts.failed else ""
            bar.update(task, completed=counts.done, total=counts.total or None, failed=failed)

        yield show


class Lines:
    """Says a line whenever another tenth is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._tenths = Tenths(told=-1)

    def __call__(self, counts: Counts) -> None:
        """Takes the counts of a moment."""
        if self._tenths.passed(counts.done, counts.total):
            failed = f", {counts.failed:,} failed" if counts.failed else ""
            self._console.note(f"{counts.done:,} of {counts.total:,} photos{failed}")
