"""Waits for a result by asking for it at intervals."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Clock:
    """The time in seconds, and a way to let it pass. Tests pass in their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


CLOCK = Clock()


def poll(
    ask: Callable[[], Answer | None], timeout_seconds: float, interval_seconds: float, clock: Clock = CLOCK
) -> Answer | None:
    """Calls `ask`, at least once, until it returns an answer; returns None if there is none in time."""
    deadline = clock.now() + timeout_seconds
    while True:
        answer = ask()
        if answer is not None or clock.now() >= deadline:
            return answer
        clock.sleep(interval_seconds)
