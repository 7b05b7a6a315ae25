"""What `make mutants` reads: the rooms of modules and tests, the faults planted by hand, and the listed survivors."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Room:
    """Modules whose faults the same unit tests have to notice."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]
    leave_out: tuple[str, ...] = ()  # tests of these files that are too slow to be run for each fault


@dataclass(frozen=True)
class Fault:
    """A fault planted by hand: a text of a file that is replaced by another one."""

    file: str
    old: str
    new: str
    tests: tuple[str, ...]


@dataclass(frozen=True, order=True)
class Change:
    """What one of mutmut's faults changes: the lines of a function before and after, without indentation."""

    file: str
    function: str
    old: str
    new: str

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return f"{self.function} of {self.file}" if self.function else self.file


@dataclass(frozen=True)
class Harmless:
    """A text of any line that may become one of others without a fault, and the reason."""

    old: str
    new: tuple[str, ...]
    reason: str

    def explains(self, change: Change) -> bool:
        """Whether a change is no more than this, at one place."""
        parts = change.old.split(self.old)
        ends = ((self.old.join(parts[:place]), self.old.join(parts[place:])) for place in range(1, len(parts)))
        return change.new in {before + new + after for before, after in ends for new in self.new}


def rooms() -> list[Room]:
    """All rooms, from `rooms.toml`."""
    return [Room(**_tuples(entry)) for entry in _read("rooms.toml").get("room", [])]


def planted() -> list[Fault]:
    """The faults of `planted.toml`."""
    return [Fault(**_tuples(entry)) for entry in _read("planted.toml").get("fault", [])]


def survivors() -> dict[Change, str]:
    """The changes of `survivors.toml` that no test can notice, each with the reason."""
    listed = _read("survivors.toml").get("survivor", [])
    return {Change(each["file"], each["function"], each["old"], each["new"]): each["reason"] for each in listed}


def harmless() -> list[Harmless]:
    """The changes that are no faults wherever they are made."""
    return [Harmless(**_tuples(entry)) for entry in _read("survivors.toml").get("harmless", [])]


def with_name(among: list[Room], name: str) -> list[Room]:
    """The room of this name; none where there is no such room."""
    return [room for room in among if room.name == name]


def with_module(among: list[Room], module: str) -> list[Room]:
    """The room of one module, with that module alone; none for a module that is in no room."""
    return [Room(room.name, (module,), room.tests, room.leave_out) for room in among if module in room.modules]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
