"""A folder belongs to one process, which is named, and to nobody once that process has ended, however it ended."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.runtime import ownership
from local.runtime.ownership import OwnedError, Owner, own, owner_of

HOLD = """
import pathlib, sys, time
from local.runtime.ownership import Owner, own
with own(pathlib.Path(sys.argv[1]), Owner(since="yesterday")):
    print("has it", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "owner.lock"


@pytest.fixture
def holder(lock: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the folder."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "has it\n"
        yield process
        process.kill()


def test_a_folder_is_free_before_and_after(lock: Path) -> None:
    assert owner_of(lock) is None
    assert not lock.parent.exists()  # who only looks makes nothing
    with own(lock, Owner()):
        assert owner_of(lock) == Owner(os.getpid(), owner_of(lock).since)  # type: ignore[union-attr]
    assert owner_of(lock) is None
    with own(lock, Owner()):
        pass


def test_the_owner_is_named(holder: subprocess.Popen[str], lock: Path) -> None:
    assert owner_of(lock) == Owner(holder.pid, "yesterday")
    with pytest.raises(OwnedError, match=f"process {holder.pid}, since yesterday"), own(lock, Owner()):
        pytest.fail("two have it")
    assert owner_of(lock) == Owner(holder.pid, "yesterday")  # the attempt left no trace


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_the_lock_ends_with_the_process_and_not_before(
    holder: subprocess.Popen[str], lock: Path, number: signal.Signals
) -> None:
    holder.send_signal(number)
    if number == signal.SIGKILL:
        holder.wait()
        with own(lock, Owner()):
            return
    assert owner_of(lock) is not None


def test_who_only_looks_is_no_owner(lock: Path) -> None:
    with own(lock, Owner()):
        pass
    with lock.open() as file:
        assert ownership._lock(file.fileno(), ownership.fcntl.LOCK_SH)
        assert owner_of(lock) is None


def test_for_whom_an_owner_works_is_named_instead() -> None:
    assert str(Owner(2, "noon", parent=1)) == "process 1, since noon"


def test_an_owner_that_has_not_said_yet_who_it_is(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownership, "PATIENCE_SECONDS", 0.1)
    lock.parent.mkdir()
    lock.touch()
    with lock.open() as file:
        ownership.fcntl.flock(file, ownership.fcntl.LOCK_EX)
        assert owner_of(lock) == ownership.UNKNOWN
