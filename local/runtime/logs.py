"""Log streams: each line goes to a file, and to moto's CloudWatch Logs."""

import time
from pathlib import Path
from threading import Lock
from typing import Any

from local.runtime.context import Context

MOST_CHARACTERS = 250_000  # CloudWatch Logs takes 256 KB an event


class LogStream:
    """Lines of one job, model server or Lambda worker; keeps the last ones for reasons of failure."""

    def __init__(self, logs: "Logs", group: str, name: str, path: Path) -> None:
        self.group = group
        self.name = name
        self.path = path
        self.tail: list[str] = []
        self._logs = logs
        self._lock = Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")  # of an earlier run in the same data folder

    def write(self, line: str) -> None:
        """Add a line."""
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
            self.tail = [*self.tail[-29:], line]
            self._logs.put(self, line)


class Logs:
    """All log streams."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = Lock()

    def stream(self, group: str, name: str) -> LogStream:
        """A stream of a group; its file is `logs/<last part of the group>/<name>.log`."""
        plain = name.replace("/", "-").replace("[$LATEST]", "-")
        parent = group.removeprefix("/aws/").replace("/", "-")
        return LogStream(self, group, name, self._context.logs / parent / f"{plain}.log")

    def put(self, stream: LogStream, line: str) -> None:
        """Add a line to moto's stream, which is made anew where a client has deleted it."""
        from moto.backends import get_backend

        backend: Any = get_backend("logs")[self._context.account][self._context.region]
        event = {"timestamp": int(time.time() * 1000), "message": line[:MOST_CHARACTERS] or " "}
        with self._lock:
            backend.ensure_log_group(stream.group)
            backend.ensure_log_stream(stream.group, stream.name)
            backend.put_log_events(stream.group, stream.name, [event])
