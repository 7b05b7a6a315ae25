"""Spans of time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LENGTHS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
PAST_DAYS = 14  # before a window, that it is compared with


@dataclass(frozen=True)
class Span:
    """From when (inclusive) to when (exclusive) a window reaches; None where the captures themselves end."""

    start: datetime | None = None
    end: datetime | None = None

    def has(self, time: datetime) -> bool:
        """Whether a time lies in it."""
        return (self.start is None or time >= self.start) and (self.end is None or time < self.end)

    def touches(self, start: datetime, end: datetime) -> bool:
        """Whether it shares time with another span, which ends before `end`."""
        return (self.start is None or end > self.start) and (self.end is None or start < self.end)


EVERYTHING = Span()


def just_ended(unit: str, now: datetime) -> Span:
    """The last whole hour or day, in UTC, before a time; `unit` is a key of `LENGTHS`."""
    end = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    end = end.replace(hour=0) if unit == "day" else end
    return Span(end - LENGTHS[unit], end)


def reach(span: Span) -> Span:
    """The span of time of which captures are read to judge a window: the two weeks before it as well."""
    if span == EVERYTHING:
        return span
    start = span.start or (span.end - LENGTHS["day"] if span.end else None)
    return Span(start and start - timedelta(days=PAST_DAYS), span.end)
