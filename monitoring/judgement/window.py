"""The window that a report is about: the captures that lie in it, and those before it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pandas as pd

from monitoring.profiles.profile import Counts
from monitoring.profiles.shelf import Period, Shelf
from monitoring.summaries.samples import Samples
from windows.spans import PAST_DAYS, Span

DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)
FEWEST = 20  # photos of a past span that say what is usual


@dataclass(frozen=True)
class Window:
    """What was captured in a span of time, what was counted in the two weeks before, and how many photos came usually.

    `volumes` are those of the same span of each day before that has enough of them.
    """

    start: datetime
    end: datetime
    period: Period = field(default_factory=Period)
    past: Counts = field(default_factory=Counts)
    volumes: tuple[int, ...] = ()

    @property
    def counts(self) -> Counts:
        """What was counted in it."""
        return self.period.profile.counts

    @property
    def samples(self) -> Samples:
        """Photos that are kept of it."""
        return self.period.profile.samples

    @property
    def span(self) -> Span:
        """The span of time."""
        return Span(self.start, self.end)

    def only(self, photos: pd.DataFrame | None) -> pd.DataFrame | None:
        """The rows of a table of photos that lie in it."""
        return None if photos is None else photos[(photos["time"] >= self.start) & (photos["time"] < self.end)]

    @property
    def photos(self) -> int:
        """How many photos came in it."""
        return self.counts.photos


def window_of(shelf: Shelf, span: Span, now: datetime) -> Window:
    """The captures of a span. Without one, those of the last 24 hours that have any, from a full hour on.

    An end that is not given is just after the last photo, or now if there is none.
    """
    extent = shelf.extent
    end = span.end or (extent[1] + timedelta(microseconds=1) if extent else now)
    start = span.start or _start(shelf, end)
    past = shelf.before(start, start - timedelta(days=PAST_DAYS))
    volumes = (shelf.volume(start - days * DAY, end - days * DAY) for days in range(1, PAST_DAYS + 1))
    usual = tuple(count for count in volumes if count >= FEWEST)
    return Window(start, end, shelf.period(Span(start, end)), past, usual)


def _start(shelf: Shelf, end: datetime) -> datetime:
    if shelf.extent is None:
        return end - DAY
    start = _full_hour(end - DAY)
    return start if shelf.older else max(shelf.extent[0], start)


def _full_hour(time: datetime) -> datetime:
    """The next full hour, so that no hour is read twice for a part of it."""
    hour = time.replace(minute=0, second=0, microsecond=0)
    return hour if hour == time else hour + HOUR


def zulu(time: datetime) -> str:
    """A time in UTC, written as in SageMaker's files."""
    return time.isoformat().replace("+00:00", "Z")
