"""When photos are sent: evenly, or as over a day."""

from collections.abc import Iterator

import numpy as np

SCHEDULES = ("even", "day")
# Drivers that arrive in each hour of a day, from midnight on: breakfast, lunch and tea. Made up; the mean is 1.
DAY = (
    0.1,
    0.1,
    0.1,
    0.1,
    0.2,
    0.6,
    1.4,
    2.2,
    1.9,
    1.2,
    1.0,
    1.5,
    2.0,
    1.7,
    1.1,
    1.3,
    1.8,
    1.7,
    1.3,
    0.9,
    0.7,
    0.5,
    0.4,
    0.2,
)


def count(rate: float, seconds: float) -> int:
    """How many photos a time has, at a mean rate a second; at least one."""
    return max(1, round(rate * seconds))


def arrivals(rate: float, seconds: float, schedule: str) -> Iterator[float]:
    """The time of each photo in seconds after the start. The schedule `day` presses a day into that time."""
    total = count(rate, seconds)
    for number in range(total):
        share = number / total
        yield seconds * (share if schedule == "even" else _of_day(share))


def _of_day(share: float) -> float:
    """The part of a day after which this share of its photos has come."""
    come = np.concatenate([[0], np.cumsum(DAY)]) / sum(DAY)
    return float(np.interp(share, come, np.linspace(0, 1, len(come))))
