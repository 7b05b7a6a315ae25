"""What services hold comes back as it was, and nothing else is read."""

import pickle
import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from moto.logs.models import LogEvent, LogGroup, LogStream
from moto.s3.models import FakeGrantee
from moto.s3.utils import _VersionedKeyStore

from local.memory.bodies import Bodies
from local.memory.pickling import dump, load
from local.protocol.errors import LocalAwsError


class Harmful:
    """Runs a command when it is read by pickle itself."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        import os

        return os.system, ("touch harmed",)


class Foreign:
    """A class of no service."""


@pytest.fixture
def bodies(tmp_path: Path) -> Bodies:
    return Bodies(tmp_path / "bodies")


def test_only_classes_of_services_are_read(bodies: Bodies, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LocalAwsError, match=r"posix\.system"):
        load(pickle.dumps(Harmful()), bodies)
    with pytest.raises(LocalAwsError, match=r"builtins\.eval"):
        load(pickle.dumps(eval), bodies)
    assert not (tmp_path / "harmed").exists()


@pytest.mark.parametrize("name", ["os.system", "threading.Thread", "get_backend"])
def test_a_module_of_moto_is_no_way_to_other_modules(bodies: Bodies, name: str) -> None:
    module = "moto.backends" if name == "get_backend" else "moto.s3.models"
    text = b"\x80\x04\x8c" + bytes([len(module)]) + module.encode() + b"\x8c" + bytes([len(name)]) + name.encode()
    with pytest.raises(LocalAwsError, match="not what services hold"):
        load(text + b"\x93.", bodies)


@pytest.mark.parametrize(
    ("value", "name"),
    [(Foreign(), "Foreign"), (dump, "dump"), (len, "len"), ([].append, "append")],
    ids=["class", "function", "of Python", "method"],
)
def test_what_could_not_be_read_is_not_written(bodies: Bodies, value: object, name: str) -> None:
    with pytest.raises(pickle.PicklingError, match=f"{name} cannot be remembered"):
        dump({"it": value}, bodies)


def test_objects_stay_shared_and_locks_are_free(bodies: Bodies) -> None:
    one, lock = FakeGrantee(), threading.Lock()
    with lock:
        first, second, free = load(dump([one, one, lock], bodies), bodies)
    assert first is second
    assert free.acquire(blocking=False)


def test_dictionaries_keep_what_their_methods_hide(bodies: Bodies) -> None:
    store = _VersionedKeyStore()
    for version in ("first", "second"):
        store["key"] = version
    assert load(dump(store, bodies), bodies).getlist("key") == ["first", "second"]


def test_nameless_defaults_go_on_making_values(bodies: Bodies) -> None:
    nested: defaultdict[str, defaultdict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    nested["a"]["b"]["c"] = 1
    read = load(dump(nested, bodies), bodies)
    read["x"]["y"]["z"] = 2
    assert read == {"a": {"b": {"c": 1}}, "x": {"y": {"z": 2}}}


def test_events_keep_whether_they_happened(bodies: Bodies) -> None:
    happened = threading.Event()
    happened.set()
    read = load(dump([happened, threading.Event(), threading.Condition()], bodies), bodies)
    assert [each.is_set() for each in read[:2]] == [True, False]


def test_streams_of_logs_keep_their_events_and_groups(bodies: Bodies) -> None:
    group = LogGroup("123456789012", "eu-west-1", "group")
    group.create_log_stream("stream")
    group.put_log_events("stream", [{"timestamp": 1, "message": "a"}, {"timestamp": 2, "message": "b"}])
    read = load(dump(group, bodies), bodies)
    found, kept = read.streams["stream"], group.streams["stream"]
    assert [vars(event) for event in found.events] == [vars(event) for event in kept.events]
    assert found.log_group is read
    assert {**vars(found), "events": 0, "log_group": 0} == {**vars(kept), "events": 0, "log_group": 0}


def test_streams_of_logs_that_earlier_versions_wrote_can_be_read(bodies: Bodies) -> None:
    stream = LogStream(LogGroup("123456789012", "eu-west-1", "group"), "stream")
    stream.events = [LogEvent(1, {"timestamp": 1, "message": "a"})]
    (read,) = load(pickle.dumps(stream), bodies).events
    assert vars(read) == vars(stream.events[0])
