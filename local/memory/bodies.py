"""The bodies of S3's objects: each is written once to a file of its own, and read from there after a restart."""

import os
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.protocol.errors import LocalAwsError
from local.runtime.folders import make_private

RESET = "`scones local reset` forgets all that the folder holds"


class StoredBody:
    """A body in a file, in the place of the buffer in which moto has it. It is opened only while it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._position = 0

    def seek(self, position: int) -> None:
        """Goes on reading from a position."""
        self._position = position

    def read(self, size: int = -1) -> bytes:
        """The next bytes, by default all that are left. Raises ValueError, as a closed buffer does, if it is gone."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._position)
                content = file.read(size)
        except FileNotFoundError as error:
            raise ValueError(f"the body {self.path.name} was deleted") from error
        self._position += len(content)
        return content

    def close(self) -> None:
        """Does nothing: the file stays for as long as what is remembered refers to it."""


class DeletedError(Exception):
    """An object was deleted before its body was written."""


class Bodies:
    """The folder of bodies. `used` are the names to which one snapshot refers, `pending` those not yet written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        make_private(folder)
        self._written = {entry.name for entry in os.scandir(folder)}
        self.used: set[str] = set()
        self._pending: dict[str, Any] = {}
        self._alike: dict[Any, Any] = {}

    def begin(self) -> None:
        """Forgets what the last snapshot used."""
        self.used.clear()
        self._pending.clear()
        self._alike.clear()

    def reduce(self, key: Any) -> tuple[Any, ...]:  # noqa: ANN401
        """How an object of moto's S3 is written: its body by name, which it keeps for ever."""
        state = dict(vars(key))
        buffer = state.pop("_value_buffer")
        del state["lock"]
        if isinstance(buffer, StoredBody):
            name = buffer.path.name
        else:
            name = state.pop("body_name", None) or uuid.uuid4().hex
            key.body_name = name
        if not key.disposed:
            self.used.add(name)
            if name not in self._written:
                self._pending[name] = key
        # What most objects have alike is written once: this halves the time.
        state["acl"] = self._shared_acl(key)
        state["_transitions"] = self._alike.setdefault("transitions", state["_transitions"])
        names = tuple(state)
        return new_key, (), (self._alike.setdefault(names, names), [*state.values()], name), None, None, set_key

    def _shared_acl(self, key: Any) -> Any:  # noqa: ANN401
        """An access control list like the object's, which the object then has, so that it is compared only once."""
        acl = key.acl
        if (same := self._alike.get(id(acl))) is None:
            same = self._alike.setdefault(repr(acl), acl)
            self._alike[id(same)] = same
            if key.acl is acl:  # nobody has given it another one meanwhile
                key.acl = same
        return same

    def write(self) -> None:
        """Writes the bodies that the last snapshot uses and that have no file yet. Raises DeletedError."""
        for name, key in self._pending.items():
            fresh = self._folder / f"{name}.new"
            try:
                fresh.write_bytes(key.value)
            except ValueError as error:  # its buffer is closed
                raise DeletedError(key.name) from error
            fresh.replace(self._folder / name)
            self._written.add(name)

    def check(self) -> None:
        """Raises LocalAwsError if a file is missing to which what was read refers."""
        if missing := self.used - self._written:
            raise LocalAwsError(f"{len(missing)} files are missing in {self._folder}, such as {min(missing)}. {RESET}")

    def tidy(self) -> None:
        """Removes the bodies to which the last snapshot, which must be in place by now, does not refer."""
        for name in self._written - self.used:
            (self._folder / name).unlink(missing_ok=True)
        self._written &= self.used

    def setter(self) -> Callable[[Any, Any], None]:
        """Reads an object that `reduce` has written."""

        def set_key(key: Any, written: tuple[tuple[str, ...], list[Any], str]) -> None:  # noqa: ANN401
            names, values, name = written
            vars(key).update(
                zip(names, values, strict=True), _value_buffer=StoredBody(self._folder / name), lock=threading.Lock()
            )
            if not key.disposed:
                self.used.add(name)

        return set_key


def new_key() -> Any:  # noqa: ANN401
    """An object of moto's S3 without anything."""
    from moto.s3.models import FakeKey

    return FakeKey.__new__(FakeKey)


def set_key(_: Any, __: Any) -> None:  # noqa: ANN401
    """Stands for the function of `Bodies.setter` in what is written."""
    raise NotImplementedError
