"""Log streams: each line goes to a file at once, and to CloudWatch Logs within half a second."""

import queue
import threading
import time
from collections import defaultdict
from pathlib import Path

from botocore.exceptions import ClientError

from local.context import Context

BATCH = 1000
MOST_CHARACTERS = 250_000  # CloudWatch Logs takes 256 KB an event


class LogStream:
    """Lines of one job, model server or Lambda worker; keeps the last ones for reasons of failure."""

    def __init__(self, logs: "Logs", group: str, name: str, path: Path) -> None:
        self.group = group
        self.name = name
        self.path = path
        self.tail: list[str] = []
        self._logs = logs
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")  # of an earlier run in the same data folder

    def write(self, line: str) -> None:
        """Add a line."""
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
            self.tail = [*self.tail[-29:], line]
        self._logs.put(self, line)


class Logs:
    """Sends the lines of all streams to CloudWatch Logs, in batches, from one thread."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lines: queue.Queue[tuple[LogStream, dict[str, int | str]] | None] = queue.Queue()
        self._known: set[tuple[str, str]] = set()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def stream(self, group: str, name: str) -> LogStream:
        """A stream of a group; its file is `logs/<last part of the group>/<name>.log`."""
        plain = name.replace("/", "-").replace("[$LATEST]", "-")
        parent = group.removeprefix("/aws/").replace("/", "-")
        return LogStream(self, group, name, self._context.logs / parent / f"{plain}.log")

    def put(self, stream: LogStream, line: str) -> None:
        """Queue a line of a stream."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._send_all, daemon=True)
                self._thread.start()
        moment = int(time.time() * 1000)
        self._lines.put((stream, {"timestamp": moment, "message": line[:MOST_CHARACTERS] or " "}))

    def close(self) -> None:
        """Send what is queued."""
        if self._thread is not None:
            self._lines.put(None)
            self._thread.join(timeout=10)

    def _send_all(self) -> None:
        open_ = True
        while open_:
            batch: dict[LogStream, list[dict[str, int | str]]] = defaultdict(list)
            item = self._lines.get()
            time.sleep(0.3)  # lines come in bursts
            while item is not None:
                batch[item[0]].append(item[1])
                try:
                    item = self._lines.get_nowait()
                except queue.Empty:
                    break
            open_ = item is not None
            for stream, events in batch.items():
                self._send(stream, events)

    def _send(self, stream: LogStream, events: list[dict[str, int | str]]) -> None:
        client = self._context.client("logs")
        if (stream.group, stream.name) not in self._known:
            self._create(stream)
        for start in range(0, len(events), BATCH):
            client.put_log_events(
                logGroupName=stream.group, logStreamName=stream.name, logEvents=events[start : start + BATCH]
            )

    def _create(self, stream: LogStream) -> None:
        client = self._context.client("logs")
        for create, names in (
            (client.create_log_group, {"logGroupName": stream.group}),
            (client.create_log_stream, {"logGroupName": stream.group, "logStreamName": stream.name}),
        ):
            try:
                create(**names)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                    raise
        self._known.add((stream.group, stream.name))
