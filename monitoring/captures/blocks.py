"""Reads parts of capture files line by line."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from monitoring.captures.files import Line, Part, Problem, read_lines
from monitoring.captures.payloads import Defaults
from monitoring.captures.photos import EACH, Row, rows_of
from monitoring.captures.record import Record, parse
from monitoring.errors import UnusableLineError


class Read(NamedTuple):
    """A line, numbered from 1 in its part, and what it holds.

    Without `event_id` and `time` it has no record, or that of a deployment's question; without rows its record is
    unusable, or there is none.
    """

    line: int
    event_id: str | None = None
    time: datetime | None = None
    rows: Sequence[Row] = ()
    problem: Problem | None = None


def read_part(folder: Path, defaults: Defaults, part: Part, most: int = EACH) -> Iterator[Read]:
    """What each line of a part of a file holds; `most` is the one of `rows_of`."""
    for line in read_lines(folder, part):
        if isinstance(line, Problem):
            yield Read(line.line, problem=line)
        else:
            yield _read_line(line, defaults, most) if line.content else Read(line.number)


def _read_line(line: Line, defaults: Defaults, most: int) -> Read:
    try:
        record = parse(Record, line.content)
    except UnusableLineError as error:
        return Read(line.number, problem=Problem(line.file, line.number, str(error)))
    if record.metadata.is_of_kept_photo:
        return Read(line.number)
    event, time = record.metadata.event_id, record.metadata.inference_time
    try:
        return Read(line.number, event, time, rows_of(record, defaults, line, most))
    except UnusableLineError as error:
        return Read(line.number, event, time, problem=Problem(line.file, line.number, str(error)))
