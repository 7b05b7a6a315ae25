"""A memory that cannot be trusted or read is refused, with what to do."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from local.memory.store import FILE, FOLDER, Store, held
from local.protocol.errors import LocalAwsError

REGION = "eu-west-1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The snapshot of a folder that remembers one bucket."""
    store = Store(tmp_path, REGION)
    assert store.read() is None
    store.write(store.freeze({"a": 1}), {"buckets": 1})
    return tmp_path / FOLDER / FILE


def change_header(path: Path, **members: object) -> None:
    header, _, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(json.dumps({**json.loads(header), **members}).encode() + b"\n" + rest)


def test_what_was_written_is_read(path: Path, tmp_path: Path) -> None:
    assert Store(tmp_path, REGION).read() == {"a": 1}
    assert held(tmp_path) == {"buckets": 1}
    assert held(tmp_path / "elsewhere") == {}
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_snapshot_that_was_cut_off_does_not_count(path: Path, tmp_path: Path) -> None:
    (path.parent / f"{FILE}.new").write_bytes(b"half")
    assert Store(tmp_path, REGION).read() == {"a": 1}


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: change_header(path, format=99), r"format 99 .* reads format 1 .*scones local reset"),
        (lambda path: change_header(path, moto="1.0"), r"moto 1\.0; .*scones local reset"),
        (lambda path: change_header(path, region="us-east-1"), r"region us-east-1.*scones local reset"),
        (lambda path: path.write_bytes(b"\n"), r"is damaged.*scones local reset"),
        (lambda path: path.write_bytes(path.read_bytes()[:-3]), r"cannot be read.*scones local reset"),
        (lambda path: path.chmod(0o606), r"All users of this machine may change .*snapshot"),
        (lambda path: path.parent.chmod(0o707), r"All users of this machine may change .*memory"),
    ],
    ids=["format", "moto", "region", "empty", "short", "open file", "open folder"],
)
def test_others_are_refused(path: Path, tmp_path: Path, damage: Callable[[Path], None], said: str) -> None:
    damage(path)
    with pytest.raises(LocalAwsError, match=said):
        Store(tmp_path, REGION).read()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_folder_of_another_user_is_refused(path: Path, tmp_path: Path) -> None:
    os.chown(path.parent, 12345, 12345)
    with pytest.raises(LocalAwsError, match="belongs to user 12345"):
        Store(tmp_path, REGION)
