"""Shows how far something has come that is counted: as a bar in a terminal, as a line each tenth elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

Report = Callable[[int], None]  # is told how much there is by now
Telling = Callable[[int, str], None]  # is told that, and what to say about it
TENTHS = 10


@contextmanager
def bytes_bar(console: Console, name: str, total: int) -> Iterator[Report]:
    """Shows how many of `total` bytes there are, how fast they come and how long the rest will take."""
    if not console.is_terminal:
        say = _lines(console, total)
        yield lambda done: say(done, f"{name}: {100 * done // total} % of {total:,} bytes")
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task(escape(name), total=total)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def telling_bar(console: Console, total: int) -> Iterator[Telling]:
    """Shows how many of `total` there are, and words that change."""
    if not console.is_terminal:
        yield _lines(console, total)
        return
    with Progress(BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task("", total=total)
        yield lambda done, words: progress.update(task, completed=done, description=escape(words))


class Tenths:
    """Tells when another tenth is done; the first to tell of is the one after `told`."""

    def __init__(self, told: int = 0) -> None:
        self._told = told

    def passed(self, done: int, total: int) -> bool:
        """Whether that is another tenth; never while the total is not known, which is 0 then."""
        tenth = TENTHS * done // total if total else self._told
        more, self._told = tenth > self._told, max(tenth, self._told)
        return more


def _lines(console: Console, total: int) -> Telling:
    tenths = Tenths()

    def tell(done: int, words: str) -> None:
        if tenths.passed(done, total):
            console.print(words, soft_wrap=True, markup=False)

    return tell
