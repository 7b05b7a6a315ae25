"""Folders that belong to one process at a time, by a lock that the kernel takes back when the process ends."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from local.protocol.errors import LocalAwsError
from local.runtime.folders import make_private

# Who only looks whether there is an owner has the lock for a moment as well.
PATIENCE_SECONDS = 0.5


def _moment() -> str:
    return datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")


@dataclass(frozen=True)
class Owner:
    """The process that has a folder, and since when. `parent` is the process that it works for and ends with."""

    pid: int = field(default_factory=os.getpid)
    since: str = field(default_factory=_moment)
    parent: int | None = None

    def __str__(self) -> str:
        """The owner in words."""
        return f"process {self.parent or self.pid}, since {self.since}"


UNKNOWN = Owner(0, "a moment ago")


class OwnedError(LocalAwsError):
    """The folder belongs to another process."""

    def __init__(self, path: Path, owner: Owner) -> None:
        super().__init__(f"{path.parent} belongs to {owner}")
        self.owner = owner


@contextmanager
def own(path: Path, owner: Owner) -> Iterator[None]:
    """Holds the lock of a file until the `with` block, or this process, ends. The file stays; only its lock counts.

    Raises OwnedError if another process has it.
    """
    if not path.parent.exists():
        make_private(path.parent)
    with path.open("a+", encoding="utf-8") as file:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not _lock(file.fileno(), fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise OwnedError(path, _read(path))
            time.sleep(PATIENCE_SECONDS / 10)
        file.truncate(0)
        file.write(json.dumps(asdict(owner)))
        file.flush()
        yield
        file.truncate(0)


def owner_of(path: Path) -> Owner | None:
    """The process that holds the lock of a file; None if nobody does. Changes nothing."""
    try:
        file = path.open(encoding="utf-8")
    except FileNotFoundError:
        return None
    with file:
        return None if _lock(file.fileno(), fcntl.LOCK_SH) else _read(path)


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(path: Path) -> Owner:
    """Who has the lock, as the file says. It says nothing for a moment after the lock is taken."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if text := path.read_text(encoding="utf-8"):
            return Owner(**json.loads(text))
        time.sleep(PATIENCE_SECONDS / 10)
    return UNKNOWN
