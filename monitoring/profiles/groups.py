"""Capture files that are read together: those of an hour, as data capture lays them down."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitoring.captures.files import Problem, find_files
from monitoring.captures.payloads import Defaults
from windows.folders import hour_of, may_hold
from windows.spans import Span

FORMAT = 2  # of stored profiles; to be raised when they, or what is read from captures, change


@dataclass(frozen=True)
class Group:
    """Files, by their names, and the hour that their folders are of; None if there is a file in no such folder."""

    hour: datetime | None
    files: tuple[str, ...]

    def digest(self, folder: Path, defaults: Defaults) -> str:
        """A digest of the names and contents of the files, and of how they are read."""
        found = hashlib.blake2b(manner(defaults).encode(), digest_size=12)
        for name in self.files:
            found.update(name.encode() + b"\0" + _content(folder / name))
        return found.hexdigest()


def manner(defaults: Defaults) -> str:
    """How captures are read. Profiles of the same files that were read in another manner have other names."""
    return repr((FORMAT, defaults))


def find_groups(folder: Path, span: Span) -> tuple[list[Group], list[Problem]]:
    """The groups in which records of a span of time can be, in order; other hours' folders are not listed.

    Records are counted once in a group, so that all files are one group if there is one outside of hours' folders.
    """
    names, problems = find_files(folder, lambda name: may_hold(name, span))
    hours: dict[datetime | None, list[str]] = {}
    for name in names:
        hours.setdefault(hour_of(name.rpartition("/")[0]), []).append(name)
    if None in hours:
        return [Group(None, tuple(names))], problems
    return [Group(hour, tuple(hours[hour])) for hour in sorted(each for each in hours if each)], problems


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()  # processors have instructions for it
    except OSError as error:  # reading says what is wrong
        return repr(error.errno).encode()


def total_size(folder: Path, groups: Iterable[Group]) -> int:
    """The bytes of the files of groups; those that are gone have none."""
    names = (folder / name for group in groups for name in group.files)
    return sum(path.stat().st_size for path in names if path.exists())
