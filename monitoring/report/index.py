"""Builds the index: one page for all windows, from their `verdict.json` files alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.pages import page_environment
from monitoring.captures.files import Problem
from monitoring.report.calendar import Month, months
from monitoring.report.chart import Chart
from monitoring.report.trends import trend_charts
from monitoring.report.windows import Entry, read_windows

INDEX = "index.html"
MOST_ROWS = 1000  # windows in the table, the newest ones
MOST_POINTS = 400  # windows in a chart, the newest ones
SYMBOLS = {"trust": "✓", "look": "!", "do_not_trust": "✗", "cannot_tell": "?"}


@dataclass(frozen=True)
class Index:
    """The content of the page; `rows` are the windows in the table, the newest one first."""

    title: str
    count: int
    latest: Entry | None
    lasting: int
    months: list[Month]
    charts: Mapping[str, Chart]
    rows: list[Entry]
    problems: Sequence[Problem]


def index_page(folders: Sequence[Path], index: Path, title: str, place: str = "") -> str:
    """The page about all windows below folders, to be written to the folder `index`; `place` as in `read_windows`."""
    entries, problems = read_windows(folders, index, place)
    return render(build_index(entries, problems, title, trend_charts(entries[-MOST_POINTS:])))


def build_index(
    entries: Sequence[Entry], problems: Sequence[Problem], title: str, charts: Mapping[str, Chart]
) -> Index:
    """Collects the page's content from windows, the oldest first."""
    return Index(
        title=title,
        count=len(entries),
        latest=entries[-1] if entries else None,
        lasting=_lasting(entries),
        months=months(entries),
        charts=charts,
        rows=list(entries[: -MOST_ROWS - 1 : -1]),
        problems=problems,
    )


def render(index: Index) -> str:
    """Renders the page as one HTML file, with its style and charts inside."""
    environment = page_environment(Path(__file__).parent)
    environment.globals["symbols"] = SYMBOLS
    environment.filters["utc"] = lambda time: f"{time:%Y-%m-%d %H:%M}"
    return environment.get_template("index.html").render(index=index)


def _lasting(entries: Sequence[Entry]) -> int:
    """How many windows at the end have the same verdict."""
    count = 0
    while count < len(entries) and entries[-1 - count].told.verdict == entries[-1].told.verdict:
        count += 1
    return count
