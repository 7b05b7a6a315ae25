"""A calendar of verdicts: each day has the worst verdict of the windows that end on it."""

import calendar
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitoring.report.windows import SEVERITY, Entry
from windows.history import MONTHS


@dataclass(frozen=True)
class Day:
    """A day of the calendar; `worst` is None without a window, `windows` counts them."""

    date: date
    worst: Entry | None
    windows: int

    @property
    def spoken(self) -> str:
        """What follows the day's number, for people who cannot see its colour."""
        if self.worst is None:
            return f"{self.date:%B}: no report"
        more = f", the worst of {self.windows} windows" if self.windows > 1 else ""
        return f"{self.date:%B}{more}: {self.worst.told.headline}"


@dataclass(frozen=True)
class Month:
    """A month with its weeks, each of seven days from Monday on, None for those of other months."""

    name: str
    weeks: list[list[Day | None]]


def months(entries: Sequence[Entry]) -> list[Month]:
    """The last months that have windows, the newest first."""
    days = defaultdict(list)
    for entry in entries:
        days[entry.told.day].append(entry)
    named = sorted({(each.year, each.month) for each in days}, reverse=True)[:MONTHS]
    return [_month(year, number, days) for year, number in named]


def _month(year: int, number: int, days: dict[date, list[Entry]]) -> Month:
    weeks = calendar.Calendar().monthdatescalendar(year, number)
    shown = [[_day(each, days.get(each, [])) if each.month == number else None for each in week] for week in weeks]
    return Month(f"{date(year, number, 1):%B %Y}", shown)


def _day(each: date, entries: list[Entry]) -> Day:
    worst = max(entries, key=lambda entry: SEVERITY.index(entry.told.verdict), default=None)
    return Day(each, worst, len(entries))
