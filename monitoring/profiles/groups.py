"""Capture files that are read together: those of an hour, as data capture lays them down."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitoring.captures.files import Problem, find_files
from monitoring.captures.payloads import Defaults
from monitoring.profiles.span import Span

FORMAT = 1  # of stored profiles; to be raised when they, or what is read from captures, change
LATE = timedelta(hours=1)  # a record may lie in the folder of the hour after it
_DAY = re.compile(r"(?:^|/)(\d{4}/\d{2}/\d{2})$")
_HOUR = re.compile(r"(?:^|/)(\d{4}/\d{2}/\d{2}/\d{2})$")


@dataclass(frozen=True)
class Group:
    """Files, by their names, and the hour that their folders are of; None if there is a file in no such folder."""

    hour: datetime | None
    files: tuple[str, ...]

    def digest(self, folder: Path, defaults: Defaults) -> str:
        """A digest of the names and contents of the files, and of how they are read."""
        found = hashlib.blake2b(repr((FORMAT, defaults)).encode(), digest_size=12)
        for name in self.files:
            found.update(name.encode() + b"\0" + _content(folder / name))
        return found.hexdigest()


def find_groups(folder: Path, span: Span) -> tuple[list[Group], list[Problem]]:
    """The groups in which records of a span of time can be, in order; other hours' folders are not listed.

    Records are counted once in a group, so that all files are one group if there is one outside of hours' folders.
    """
    names, problems = find_files(folder, lambda name: _wanted(name, span))
    hours: dict[datetime | None, list[str]] = {}
    for name in names:
        hours.setdefault(_time(_HOUR, name.rpartition("/")[0], "%Y/%m/%d/%H"), []).append(name)
    if None in hours:
        return [Group(None, tuple(names))], problems
    return [Group(hour, tuple(hours[hour])) for hour in sorted(each for each in hours if each)], problems


def _wanted(name: str, span: Span) -> bool:
    for pattern, form, length in ((_DAY, "%Y/%m/%d", timedelta(days=1)), (_HOUR, "%Y/%m/%d/%H", timedelta(hours=1))):
        start = _time(pattern, name, form)
        if start is not None:
            return span.touches(start - LATE, start + length)
    return True


def _time(pattern: re.Pattern[str], name: str, form: str) -> datetime | None:
    found = pattern.search(name)
    try:
        return datetime.strptime(found[1], form).replace(tzinfo=UTC) if found else None
    except ValueError:  # the 32nd of a month
        return None


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
