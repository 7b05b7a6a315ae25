"""Reads the data capture files of a folder into one table of photos."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pandas as pd

from monitoring.captures.payloads import Defaults, images_of
from monitoring.captures.photos import Row, frame, rows_of
from monitoring.captures.record import Record, parse
from monitoring.errors import UnusableLineError


@dataclass(frozen=True, order=True)
class Problem:
    """A line, or an image in a line, that could not be read."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class Captures:
    """The content of a folder of captures.

    `photos` is the table that `captures.photos.frame` makes, `unusable_lines` are the lines without a usable record,
    and `duplicates` counts the records that were dropped because their eventId had come before.
    """

    photos: pd.DataFrame
    unusable_lines: tuple[Problem, ...]
    files: tuple[str, ...]
    duplicates: int

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Unusable lines and unreadable images, sorted by file and line."""
        bad = self.photos.loc[self.photos["status"] == "unreadable", ["file", "line", "reason"]]
        images = (Problem(str(file), int(line), str(reason)) for file, line, reason in bad.to_numpy())
        return tuple(sorted((*self.unusable_lines, *images)))


def read_captures(folder: Path, defaults: Defaults) -> Captures:
    """Reads every line of every `*.jsonl` file below a folder. Of records with the same eventId, the first counts."""
    paths = sorted(folder.rglob("*.jsonl"))
    rows: list[Row] = []
    unusable: list[Problem] = []
    seen: set[str] = set()
    duplicates = 0
    for file, number, content in _lines(folder, paths):
        try:
            record = parse(Record, content)
            if record.metadata.event_id in seen:
                duplicates += 1
                continue
            rows += rows_of(record, defaults, file, number)
            seen.add(record.metadata.event_id)
        except UnusableLineError as error:
            unusable.append(Problem(file, number, str(error)))
    return Captures(frame(rows), tuple(unusable), tuple(_name(folder, path) for path in paths), duplicates)


def read_image(folder: Path, file: str, line: int, position: int) -> bytes:
    """The encoded image of one row, read from its file again: a day's photos would not fit into memory."""
    with (folder / file).open("rb") as lines:
        request = parse(Record, next(islice(lines, line - 1, None))).data.endpoint_input
    if request is None:
        raise UnusableLineError(f"{file}:{line} captured no request")
    return images_of(request)[position]


def _lines(folder: Path, paths: list[Path]) -> Iterator[tuple[str, int, bytes]]:
    """File, line number (from 1) and content of each line that is not blank."""
    for path in paths:
        with path.open("rb") as lines:
            for number, content in enumerate(lines, start=1):
                if content.strip():
                    yield _name(folder, path), number, content


def _name(folder: Path, path: Path) -> str:
    """A file's path relative to the folder, with slashes on every system."""
    return path.relative_to(folder).as_posix()
