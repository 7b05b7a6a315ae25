"""A running job: one process and one private folder for each host."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.protocol.errors import JobError
from local.protocol.json_types import Record
from local.runtime.logs import LogStream
from local.runtime.processes import Child, base_environment
from local.runtime.s3 import EVERYTHING, Storage
from local.sagemaker.jobs.containers import Command, Isolation, enclose, moved


@dataclass(frozen=True)
class Plan:
    """What a host needs; paths are those of the container."""

    inputs: list[tuple[Record, str]]  # S3 data sources, and where their objects go
    folders: list[str]
    files: dict[str, Any]  # JSON documents by their paths
    command: Command


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

    def fill(self, plan: Plan, storage: Storage, shard: slice, isolation: Isolation) -> None:
        """Make folders and files, download inputs; `shard` is the host's part of sharded ones. Raises JobError."""
        for folder in ("/opt/ml/tmp", *plan.folders):
            self.inside(folder).mkdir(parents=True, exist_ok=True)
        for path, document in plan.files.items():
            told = moved(document, self.folder) if isolation == "folder" else document
            self.inside(path).write_text(json.dumps(told))
        for source, path in plan.inputs:
            sharded = source.get("S3DataDistributionType") == "ShardedByS3Key"
            storage.download(source["S3Uri"], self.inside(path), shard if sharded else EVERYTHING)

    def start(self, command: Command, variables: Mapping[str, str], isolation: Isolation) -> Child:
        """Run a command in the folder."""
        environment = {**base_environment(), **variables, "HOME": "/opt/ml", "TMPDIR": "/opt/ml/tmp"}
        enclosed = enclose(command.argv, environment | command.environment, self.folder, isolation)
        self.child = Child(enclosed.argv, enclosed.environment, self.folder, self.log.write)
        return self.child


@dataclass
class Job:
    """A job that runs: its record, its folder, S3 as its role sees it, its hosts, of which the first leads."""

    record: Record
    name: str
    folder: Path
    storage: Storage
    hosts: list[Host]
    ending: str = ""  # Stopped or MaxRuntimeExceeded, once it is to end early
    failed: tuple[Host, int] | None = None  # the first host that failed, and its exit code
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def names(self) -> list[str]:
        """The names of all hosts, which are addresses of the loopback interface where there are several."""
        return [host.name for host in self.hosts]

    def end(self, ending: str, seconds: float) -> None:
        """Ask all processes to end, and kill what is left after so many seconds."""
        self.ending = ending
        for host in self.hosts:
            if host.child:
                host.child.terminate(seconds)

    def fail(self, host: Host, code: int) -> None:
        """A host failed: the others are killed."""
        self.failed = (host, code)
        for other in self.hosts:
            if other.child:
                other.child.stop()
