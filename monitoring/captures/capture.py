"""Reads the data capture files of a folder into one table of photos."""

from collections.abc import Container, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from monitoring.captures.blocks import read_part
from monitoring.captures.files import Line, Part, Problem, find_files, read_lines
from monitoring.captures.payloads import Defaults, images_of
from monitoring.captures.photos import Row, frame, in_order, rows_of, table
from monitoring.captures.record import Record, parse
from monitoring.errors import UnusableLineError

ROWS_AT_ONCE = 1000  # images that are in memory at once


@dataclass(frozen=True)
class Captures:
    """The content of a folder of captures.

    `photos` is the table that `captures.photos.frame` makes, `unusable_lines` are the lines without a usable record,
    `duplicates` counts the records that were dropped because their eventId had come before, and `unreadable_files` are
    the entries `*.jsonl` that are no readable files.
    """

    photos: pd.DataFrame
    unusable_lines: tuple[Problem, ...]
    files: tuple[str, ...]
    duplicates: int
    unreadable_files: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Unreadable files and images, and unusable lines, sorted by file and line."""
        bad = self.photos.loc[self.photos["status"] == "unreadable", ["file", "line", "reason"]]
        images = (Problem(str(file), int(line), str(reason)) for file, line, reason in bad.to_numpy())
        return tuple(sorted((*self.unusable_lines, *self.unreadable_files, *images)))


def read_captures(folder: Path, defaults: Defaults) -> Captures:
    """Reads every line of every `*.jsonl` file below a folder. Of records with the same eventId, the first counts.

    The table has a row for each photo, so that it grows with them; reports are made of profiles, which do not.
    """
    names, problems = find_files(folder)
    tables: list[pd.DataFrame] = []
    rows: list[Row] = []
    seen: set[str] = set()
    duplicates = 0
    for read in (each for name in names for each in read_part(folder, defaults, Part(name))):
        if read.event_id in seen:
            duplicates += 1
        elif read.problem:
            problems.append(read.problem)
        elif read.event_id:
            seen.add(read.event_id)
            rows += read.rows
        if len(rows) >= ROWS_AT_ONCE:
            tables.append(table(rows))
            rows = []
    photos = in_order(pd.concat([*tables, table(rows)], ignore_index=True)) if tables else frame(rows)
    lines = tuple(problem for problem in problems if problem.line)
    files = tuple(problem for problem in problems if not problem.line)
    return Captures(photos, lines, tuple(names), duplicates, files)


def read_answers_to(named: Container[str], folder: Path, names: Iterable[str], defaults: Defaults) -> pd.DataFrame:
    """The table of the photos of records with one of these inference or event ids, in files of a folder.

    What cannot be read is passed over: whoever counts the records tells that.
    """
    rows: dict[str, list[Row]] = {}
    for line in (each for name in names for each in read_lines(folder, Part(name)) if isinstance(each, Line)):
        with suppress(UnusableLineError):
            record = parse(Record, line.content)
            if record.metadata.inference_id in named or record.metadata.event_id in named:
                rows.setdefault(record.metadata.event_id, rows_of(record, defaults, line, most=-1))
    return frame([row for same in rows.values() for row in same])


def read_image(folder: Path, file: str, place: int, position: int) -> bytes:
    """The encoded image of one row, read from its file again: a day's photos would not fit into memory."""
    found = next(each for each in read_lines(folder, Part(file, place)) if isinstance(each, Line))
    request = parse(Record, found.content).data.endpoint_input
    if request is None:
        raise UnusableLineError(f"{file} captured no request at byte {place}")
    return images_of(request)[position]
