"""Requests that change something pass a gate. While it is closed, everything stays as it is, and can be written."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from local.protocol.calls import Call

READS = ("Get", "List", "Describe", "Head", "BatchGet", "Query", "Scan", "Search", "Lookup", "Filter")
# They take long, and what they change is changed by other requests, or in one step at their end.
PATIENT = {"Invoke", "InvokeEndpoint", "ReceiveMessage", "StartSyncExecution", "GetActivityTask"}


def changes(call: Call, method: str) -> bool:
    """Whether a call may change what a service holds."""
    if call.operation in ("", "Unknown"):
        return method not in ("GET", "HEAD")
    return not call.operation.startswith(READS)


class Gate:
    """Lets requests pass, or holds them."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._passing = 0
        self._closed = False

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Waits until the gate is open, and keeps it from closing until the `with` block ends."""
        with self._condition:
            self._condition.wait_for(lambda: not self._closed)
            self._passing += 1
        try:
            yield
        finally:
            with self._condition:
                self._passing -= 1
                self._condition.notify_all()

    @contextmanager
    def closed(self, patience: float, hurry: float) -> Iterator[bool]:
        """Holds new requests until the `with` block ends. Yields whether none is passing any more.

        Requests may make others, which wait here. So the gate opens again when `patience` seconds were not enough,
        and closes after a moment. After `hurry` seconds that is enough: then it yields False.
        """
        deadline = time.monotonic() + hurry
        while not (quiet := self._close(patience)) and time.monotonic() < deadline:
            self._open()
            time.sleep(patience / 10)
        try:
            yield quiet
        finally:
            self._open()

    def _close(self, patience: float) -> bool:
        with self._condition:
            self._closed = True
            return self._condition.wait_for(lambda: self._passing == 0, patience)

    def _open(self) -> None:
        with self._condition:
            self._closed = False
            self._condition.notify_all()
