"""Log streams: write each line to a file and to moto's CloudWatch Logs."""

import time
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from local.runtime.context import Context

MOST_CHARACTERS = 250_000  # CloudWatch Logs allows 256 KB for an event


class LogStream:
    """The log of one job, model server or Lambda worker. `tail` has the last 30 lines, for failure reasons."""

    def __init__(self, logs: "Logs", group: str, name: str, path: Path) -> None:
        self.group = group
        self.name = name
        self.path = path
        self.tail: list[str] = []
        self._logs = logs
        self._lock = Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")  # empties the file of an earlier run

    def write(self, line: str) -> None:
        """Adds a line."""
        with self._lock:
            # Where the disk is full, the line is missing in the file only. Whoever writes must go on.
            with suppress(OSError), self.path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
            self.tail = [*self.tail[-29:], line]
            self._logs.put(self, line)


class Logs:
    """All log streams."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = Lock()

    def stream(self, group: str, name: str) -> LogStream:
        """Opens a stream of a group. Its file is `logs/<group without /aws/>/<name>.log`."""
        plain = name.replace("/", "-").replace("[$LATEST]", "-")
        parent = group.removeprefix("/aws/").replace("/", "-")
        return LogStream(self, group, name, self._context.logs / parent / f"{plain}.log")

    def put(self, stream: LogStream, line: str) -> None:
        """Adds a line to moto's stream, and creates the stream first if a client has deleted it."""
        from moto.backends import get_backend

        backend: Any = get_backend("logs")[self._context.account][self._context.region]
        event = {"timestamp": int(time.time() * 1000), "message": line[:MOST_CHARACTERS] or " "}
        with self._lock:
            backend.ensure_log_group(stream.group)
            backend.ensure_log_stream(stream.group, stream.name)
            backend.put_log_events(stream.group, stream.name, [event])
        self._context.changed.set()
