"""Bodies are written once, read when they are asked for, and removed with the last reference."""

from pathlib import Path
from typing import Any

import pytest
from moto.s3.models import FakeKey, get_canned_acl

from local.memory.bodies import Bodies, DeletedError, StoredBody
from local.memory.pickling import dump, load
from local.protocol.errors import LocalAwsError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "bodies"


def key(body: bytes) -> Any:
    return FakeKey("name", body, "123456789012", "eu-west-1")


def keep(bodies: Bodies, state: Any) -> bytes:
    bodies.begin()
    frozen = dump(state, bodies)
    bodies.write()
    bodies.tidy()
    return frozen


def test_a_body_is_written_once_and_read_again(folder: Path) -> None:
    bodies, made = Bodies(folder), key(b"pixels")
    keep(bodies, [made])
    (file,) = folder.iterdir()
    before = file.stat().st_mtime_ns
    frozen = keep(bodies, [made])
    assert file.stat().st_mtime_ns == before
    (read,) = load(frozen, Bodies(folder))
    assert (read.value, read.etag, read.name) == (b"pixels", made.etag, "name")
    assert read.metadata["Content-Type"] == "binary/octet-stream"


def test_what_was_read_is_written_again_by_its_name(folder: Path) -> None:
    read = load(keep(Bodies(folder), [key(b"pixels")]), Bodies(folder))
    names = [path.name for path in folder.iterdir()]
    bodies = Bodies(folder)
    (again,) = load(keep(bodies, read), bodies)
    assert again.value == b"pixels"
    assert [path.name for path in folder.iterdir()] == names


def test_the_body_of_a_deleted_object_goes(folder: Path) -> None:
    bodies = Bodies(folder)
    keep(bodies, [key(b"one"), other := key(b"other")])
    keep(bodies, [other])
    assert [path.read_bytes() for path in folder.iterdir()] == [b"other"]


def test_an_object_that_is_deleted_before_its_body_is_written_is_noticed(folder: Path) -> None:
    bodies, made = Bodies(folder), key(b"pixels")
    dump([made], bodies)
    made.dispose()
    with pytest.raises(DeletedError):
        bodies.write()


def test_a_missing_body_is_told(folder: Path) -> None:
    frozen = keep(Bodies(folder), [key(b"pixels")])
    next(folder.iterdir()).unlink()
    bodies = Bodies(folder)
    load(frozen, bodies)
    with pytest.raises(LocalAwsError, match="1 files are missing"):
        bodies.check()


def test_objects_share_access_lists_that_are_alike_and_keep_others(folder: Path) -> None:
    one, two, other = key(b"1"), key(b"2"), key(b"3")
    other.set_acl(get_canned_acl("public-read"))
    read = load(keep(Bodies(folder), [one, two, other]), Bodies(folder))
    assert one.acl is two.acl
    assert one.acl is not other.acl
    assert [repr(each.acl) for each in read] == [repr(each.acl) for each in (one, two, other)]
    assert read[2].acl.public_read
    assert not read[1].acl.public_read


def test_a_body_that_was_deleted_is_like_a_closed_buffer(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the body gone was deleted"):
        StoredBody(tmp_path / "gone").read()
