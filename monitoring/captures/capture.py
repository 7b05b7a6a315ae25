"""Reads the data capture files of a folder into one table of photos."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from monitoring.captures.files import Line, Problem, find_files, read_lines
from monitoring.captures.payloads import Defaults, images_of
from monitoring.captures.photos import Row, frame, rows_of
from monitoring.captures.record import Record, parse
from monitoring.errors import UnusableLineError


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
    """Reads every line of every `*.jsonl` file below a folder. Of records with the same eventId, the first counts."""
    names, problems = find_files(folder)
    rows: list[Row] = []
    seen: set[str] = set()
    duplicates = 0
    for line in (line for name in names for line in read_lines(folder, name)):
        if isinstance(line, Problem):
            problems.append(line)
            continue
        try:
            record = parse(Record, line.content)
            if record.metadata.event_id in seen:
                duplicates += 1
                continue
            rows += rows_of(record, defaults, line.file, line.number)
            seen.add(record.metadata.event_id)
        except UnusableLineError as error:
            problems.append(Problem(line.file, line.number, str(error)))
    lines = tuple(problem for problem in problems if problem.line)
    files = tuple(problem for problem in problems if not problem.line)
    return Captures(frame(rows), lines, tuple(names), duplicates, files)


def read_image(folder: Path, file: str, line: int, position: int) -> bytes:
    """The encoded image of one row, read from its file again: a day's photos would not fit into memory."""
    found = next(each for each in read_lines(folder, file) if isinstance(each, Line) and each.number == line)
    request = parse(Record, found.content).data.endpoint_input
    if request is None:
        raise UnusableLineError(f"{file}:{line} captured no request")
    return images_of(request)[position]
