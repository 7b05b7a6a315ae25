"""`scones local status`, `down` and `reset`, and what other commands say of a folder that holds something."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from local.memory.store import Store
from local.runtime.ownership import Owner, own, owner_of
from local.server.embedded import LOCK_FILE
from pipelines.cli import cli
from pipelines.errors import LocalAwsError, NoLocalAwsError

Scones = Callable[..., Result]
OWNS = """
import pathlib, signal, sys, threading
from local.runtime.ownership import Owner, own
ended = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: ended.set())
with own(pathlib.Path(sys.argv[1]), Owner()):
    print("mine", flush=True)
    ended.wait()
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that holds a bucket."""
    folder = tmp_path / "local"
    store = Store(folder, "eu-west-1")
    store.write(store.freeze({}), {"buckets": 1, "objects": 20})
    (folder / "s3").mkdir()
    (folder / "s3" / "copy").write_bytes(b"x" * 2_000_000)
    return folder


@pytest.fixture
def scones(tmp_path: Path) -> Iterator[Scones]:
    """Runs a command in this process. It may do to the environment what it likes."""
    before = dict(os.environ)

    def run(*words: str, answer: str = "") -> Result:
        return CliRunner().invoke(cli, ["--build", str(tmp_path), *words], input=answer)

    yield run
    os.environ.clear()
    os.environ.update(before)


def test_status_shows_what_a_folder_holds(scones: Scones, data: Path) -> None:
    said = scones("local", "status").output
    assert f"{data}: none runs\n  holds buckets 1, objects 20\n" in said
    assert "s3            2.0 MB" in said


def test_status_of_no_folder_makes_none(scones: Scones, tmp_path: Path) -> None:
    assert "none runs\n  holds nothing" in scones("local", "status").output
    assert not (tmp_path / "local").exists()


def test_reset_asks_first(scones: Scones, data: Path) -> None:
    ended = scones("local", "reset", answer="n\n")
    assert "holds buckets 1, objects 20. Forget all of it?" in ended.output
    assert ended.exit_code == 1
    assert (data / "memory" / "snapshot").exists()
    assert scones("local", "reset", answer="y\n").exit_code == 0
    assert [path.name for path in data.iterdir()] == [LOCK_FILE]


def test_reset_leaves_what_runs_alone(scones: Scones, data: Path) -> None:
    with own(data / LOCK_FILE, Owner()):
        ended = scones("local", "reset", "--yes")
    assert isinstance(ended.exception, LocalAwsError)
    assert (data / "memory" / "snapshot").exists()


def test_reset_also_forgets_what_cannot_be_read(scones: Scones, data: Path) -> None:
    (data / "memory" / "snapshot").write_bytes(b"\n")
    assert scones("local", "reset", answer="y\n").exit_code == 0
    assert not (data / "memory").exists()


def test_down_waits_until_the_owner_has_ended(scones: Scones, data: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNS, str(data / LOCK_FILE)], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    owner.stdout.readline()
    assert f"process {owner.pid}" in scones("local", "down").output
    assert owner_of(data / LOCK_FILE) is None
    assert owner.wait(10) == 0
    assert "none runs" in scones("local", "down").output


def test_down_leaves_that_of_another_command_alone(scones: Scones, data: Path) -> None:
    with own(data / LOCK_FILE, Owner(parent=1)):
        ended = scones("local", "down")
    assert "belongs to another command" in str(ended.exception)


@pytest.mark.parametrize("command", ["registry list", "destroy --yes", "registry approve --reason x"])
def test_commands_name_what_starts_it_again(scones: Scones, data: Path, command: str) -> None:
    ended = scones(*command.split())
    assert isinstance(ended.exception, NoLocalAwsError)
    assert "`scones local up` starts one, with all that was made there before" in str(ended.exception)
