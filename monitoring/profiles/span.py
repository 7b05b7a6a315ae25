"""Spans of time."""

from dataclasses import dataclass
from datetime import datetime


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
