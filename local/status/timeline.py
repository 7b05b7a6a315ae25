"""Draws an execution: a bar for each step, from its start to its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from local.status.records import Step, tone

LEAST_WIDTH = 0.6  # percent of the whole; a step that took no time is seen as well


@dataclass(frozen=True)
class Bar:
    """A bar of the drawing. `left` and `width` are percentages of the time that the whole execution took."""

    name: str
    status: str
    tone: str
    left: float
    width: float
    seconds: float


def bars(steps: Sequence[Step], now: datetime) -> list[Bar]:
    """The bars of an execution; what has not ended lasts until `now`."""
    if not steps:
        return []
    begun = min(step.start for step in steps)
    whole = (max(step.end or now for step in steps) - begun).total_seconds() or 1
    return [_bar(step, begun, whole, now) for step in steps]


def _bar(step: Step, begun: datetime, whole: float, now: datetime) -> Bar:
    seconds = ((step.end or now) - step.start).total_seconds()
    width = max(100 * seconds / whole, LEAST_WIDTH)
    left = min(100 * (step.start - begun).total_seconds() / whole, 100 - width)
    return Bar(step.name, step.status, tone(step.status), round(left, 2), round(width, 2), round(seconds, 1))
