"""A running job: one process and one private folder for each host."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.loopback.ports import free_port
from local.protocol.errors import JobError
from local.protocol.json_types import Record
from local.runtime.logs import LogStream
from local.runtime.processes import Child, base_environment
from local.runtime.s3 import EVERYTHING, Storage
from local.sagemaker.jobs.containers import Command, Isolation, enclose, moved

MACHINE = Path("/etc/hosts")
# The C library would give freed memory back at once, and fetch it anew, page by page, for the next array: a tenth
# of the processor time of DescribeData. So a job keeps up to 128 MiB, and what is freed in pieces of up to 32 MiB.
KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": str(128 * 2**20), "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20)}


def host_name(number: int, count: int, isolation: Isolation) -> str:
    """The name of a host of a job, which resolves wherever the job looks it up.

    As on AWS where jobs have a hosts file of their own; else an address, as all of 127.0.0.0/8 are this machine.
    """
    if isolation == "namespace":
        return f"algo-{number}"
    return "localhost" if count == 1 else f"127.0.0.{number}"


def hosts_file(names: Sequence[str]) -> str:
    """The hosts file of this machine, with an address of the loopback interface for each host of a job."""
    lines = [f"127.0.0.{number} {name}" for number, name in enumerate(names, 1)]
    return "\n".join([MACHINE.read_text("utf-8", "replace"), *lines, ""])


@dataclass(frozen=True)
class Plan:
    """Inputs, folders, files and command of a host. Paths are as in the container."""

    inputs: list[tuple[Record, str]]  # S3 data sources and the folders for their objects
    folders: list[str]
    files: dict[str, Any]  # JSON documents by path
    command: Command


@dataclass
class Host:
    """One instance of a job: its private folder, which is its /opt/ml, its log and its process."""

    name: str
    folder: Path
    log: LogStream
    child: Child | None = None

    def inside(self, path: str) -> Path:
        """The place of a container's path on this machine. Raises JobError for a path outside /opt/ml."""
        if not (path + "/").startswith("/opt/ml/") or ".." in path.split("/"):
            raise JobError(f"ClientError: the local path '{path}' is not below /opt/ml")
        return self.folder / path.removeprefix("/opt/ml").strip("/")

    def fill(self, plan: Plan, storage: Storage, shard: slice, isolation: Isolation) -> None:
        """Makes folders and files, downloads inputs. `shard` is the host's part of sharded inputs. Raises JobError."""
        for folder in ("/opt/ml/tmp", *plan.folders):
            self.inside(folder).mkdir(parents=True, exist_ok=True)
        for path, document in plan.files.items():
            told = moved(document, self.folder) if isolation == "folder" else document
            self.inside(path).write_text(json.dumps(told))
        for source, path in plan.inputs:
            sharded = source.get("S3DataDistributionType") == "ShardedByS3Key"
            fetch = storage.download_listed if source.get("S3DataType") == "ManifestFile" else storage.download
            fetch(source["S3Uri"], self.inside(path), shard if sharded else EVERYTHING)

    def start(self, command: Command, variables: Mapping[str, str], isolation: Isolation) -> Child:
        """Starts a command in the folder."""
        environment = {**base_environment(), **KEEP_MEMORY, **variables, "HOME": "/opt/ml", "TMPDIR": "/opt/ml/tmp"}
        enclosed = enclose(command.argv, environment | command.environment, self.folder, isolation)
        self.child = Child(enclosed.argv, enclosed.environment, self.folder, self.log.write)
        return self.child


@dataclass
class Job:
    """A running job. `storage` accesses S3 as the job's role. The first host is the leader."""

    record: Record
    name: str
    folder: Path
    storage: Storage
    hosts: list[Host]
    ending: str = ""  # Stopped or MaxRuntimeExceeded if the job is being ended early
    failed: tuple[Host, int] | None = None  # the first host that failed, and its exit code
    ended: threading.Event = field(default_factory=threading.Event)
    port: int = field(default_factory=free_port)  # at which its hosts may find each other

    @property
    def names(self) -> list[str]:
        """The names of all hosts."""
        return [host.name for host in self.hosts]

    def end(self, ending: str, seconds: float) -> None:
        """Sends SIGTERM to all processes, and kills what is left after `seconds`."""
        self.ending = ending
        for host in self.hosts:
            if host.child:
                host.child.terminate(seconds)

    def fail(self, host: Host, code: int) -> None:
        """Records that a host failed, and kills the others."""
        self.failed = (host, code)
        for other in self.hosts:
            if other.child:
                other.child.stop()
