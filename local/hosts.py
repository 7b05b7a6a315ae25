"""A job while it runs: its hosts, each with a private folder and a process."""

import threading
from dataclasses import dataclass
from pathlib import Path

from local.errors import JobError
from local.json_types import Record
from local.logs import LogStream
from local.processes import Child


@dataclass
class Host:
    """One instance of a job: its private folder (/opt/ml), its log, its process."""

    name: str
    folder: Path
    log: LogStream
    child: Child | None = None

    def inside(self, path: str) -> Path:
        """Where a path of the container is on this machine; raises JobError for one outside /opt/ml."""
        if not (path + "/").startswith("/opt/ml/") or ".." in path.split("/"):
            raise JobError(f"ClientError: the local path '{path}' is not below /opt/ml")
        return self.folder / path.removeprefix("/opt/ml").strip("/")


class Job:
    """A job that runs: its record, its folder, its hosts."""

    def __init__(self, record: Record, name: str, folder: Path, hosts: list[Host]) -> None:
        self.name = name
        self.record = record
        self.folder = folder
        self.hosts = hosts
        self.ending = ""  # Stopped or MaxRuntimeExceeded, once it is to end early
        self.ended = threading.Event()
        self.failed: Host | None = None

    @property
    def first(self) -> Host:
        """The host that leads."""
        return self.hosts[0]

    @property
    def names(self) -> list[str]:
        """The names of all hosts, which are addresses of the loopback interface where there are several."""
        return [host.name for host in self.hosts]
