"""Shows how far something has come that is counted: as a bar in a terminal, as a line each tenth elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

Report = Callable[[int], None]  # is told how much there is by now
TENTHS = 10


@contextmanager
def bytes_bar(console: Console, name: str, total: int) -> Iterator[Report]:
    """Shows how many of `total` bytes there are, how fast they come and how long the rest will take."""
    if not console.is_terminal:
        yield _lines(console, name, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task(name, total=total)
        yield lambda done: progress.update(task, completed=done)


def _lines(console: Console, name: str, total: int) -> Report:
    shown = 0

    def report(done: int) -> None:
        nonlocal shown
        tenth = TENTHS * done // total
        if tenth > shown:
            shown = tenth
            console.print(f"{name}: {100 * tenth // TENTHS} % of {total:,} bytes", soft_wrap=True, markup=False)

    return report
