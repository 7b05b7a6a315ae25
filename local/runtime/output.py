"""The output of a process, line by line."""

import os
import select
import threading
from collections.abc import Callable
from typing import IO

MOST_BYTES = 2**20  # at least what a pipe holds


class Output:
    """Hands on the lines of a pipe, in a thread of its own."""

    def __init__(self, pipe: IO[bytes], on_line: Callable[[str], None]) -> None:
        self._pipe = pipe
        self._on_line = on_line
        self._rest = b""
        self._ended = False
        self._lock = threading.Lock()  # held by whoever reads from the pipe, until the lines are handed on
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def catch_up(self) -> None:
        """Hand on what the process has written so far; return once that is done."""
        with self._lock:
            if not self._ended and self._wait(0):
                self._read()

    def join(self, timeout: float) -> None:
        """Wait for the end of the output."""
        self._thread.join(timeout)

    def _follow(self) -> None:
        while not self._ended:
            self._wait(None)
            self.catch_up()
        self._pipe.close()

    def _wait(self, milliseconds: int | None) -> bool:
        """Whether there is something to read, or the end, within a time."""
        pipe = select.poll()  # a new one, because two threads may wait
        pipe.register(self._pipe, select.POLLIN)
        return bool(pipe.poll(milliseconds))

    def _read(self) -> None:
        chunk = os.read(self._pipe.fileno(), MOST_BYTES)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk:
            self._ended = True
            lines = [self._rest] if self._rest else []
        for line in lines:
            self._on_line(line.decode("utf-8", "replace").rstrip("\r"))
