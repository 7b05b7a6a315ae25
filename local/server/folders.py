"""What people ask of a data folder: what is in it, to stop the local AWS that has it, and to forget everything."""

import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from local.memory import store
from local.memory.store import FOLDER
from local.protocol.errors import LocalAwsError
from local.runtime.ownership import Owner, own, owner_of
from local.server.embedded import LOCK_FILE, running

PARTS = (FOLDER, "s3", "logs", "work")  # all that a local AWS makes in its folder, but the lock
STOP_SECONDS = 60  # jobs are ended, captured records are written


@dataclass(frozen=True)
class Status:
    """Who has a folder and where it answers; bytes of each part."""

    owner: Owner | None
    endpoint_url: str
    sizes: dict[str, int]


def held(data: Path) -> dict[str, int]:
    """How many things of each kind a data folder remembers. Raises LocalAwsError if its memory is damaged."""
    return store.held(data)


def summary(data: Path) -> str:
    """What a data folder remembers, in words."""
    try:
        return ", ".join(f"{kind} {number:,}" for kind, number in held(data).items()) or "nothing"
    except LocalAwsError as error:
        return f"what cannot be read ({error})"


def status(data: Path) -> Status:
    """The status of a data folder. Raises LocalAwsError if its local AWS does not answer."""
    found = running(data)
    owner = owner_of(data / LOCK_FILE) if found else None
    sizes = {part: _size(data / part) for part in PARTS if (data / part).exists()}
    return Status(owner, found.endpoint_url if found else "", sizes)


def stop(data: Path) -> Owner | None:
    """Ends the local AWS of a data folder, and waits until it has ended; None if there is none. Raises LocalAwsError.

    One that a command has started for itself is left alone.
    """
    owner = owner_of(data / LOCK_FILE)
    if owner is None:
        return None
    if owner.parent:
        raise LocalAwsError(f"The local AWS of {data} belongs to another command ({owner}), and ends with it")
    os.kill(owner.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while owner_of(data / LOCK_FILE) == owner:
        if time.monotonic() > deadline:
            raise LocalAwsError(f"The local AWS of {data} ({owner}) has not ended within {STOP_SECONDS} s")
        time.sleep(0.05)
    return owner


def reset(data: Path) -> None:
    """Forgets all that a data folder holds. Raises OwnedError if a local AWS has it."""
    with own(data / LOCK_FILE, Owner()):
        for part in PARTS:
            shutil.rmtree(data / part, ignore_errors=True)


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
