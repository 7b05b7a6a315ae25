"""Handles SIGTERM, with which SageMaker stops a job: a user stops it, or a spot instance is reclaimed."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType


@contextmanager
def interruption() -> Iterator[Event]:
    """Yield an event that SIGTERM sets during the block. Works only in the main thread."""
    told = Event()

    def tell(_number: int, _frame: FrameType | None) -> None:
        told.set()

    before = signal.signal(signal.SIGTERM, tell)
    try:
        yield told
    finally:
        signal.signal(signal.SIGTERM, before)
