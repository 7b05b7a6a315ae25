"""Reads parts of capture files as blocks of photos, in two processes where there is much to read."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from monitoring.captures.files import Line, Part, Problem, parts_of, read_lines
from monitoring.captures.payloads import Defaults
from monitoring.captures.photos import Row, rows_of, table
from monitoring.captures.record import Record, parse
from monitoring.errors import UnusableLineError

PROCESSES = 2
PART_BYTES = 4 * 1024**2
SMALL_BYTES = 16 * 1024**2  # less is read sooner than processes start
FILES_AT_ONCE = 16  # endpoints write many small files


@dataclass(frozen=True)
class Entry:
    """A line that has a record: its number, the record's eventId, and why it is unusable, if it is."""

    line: int
    event_id: str
    reason: str | None


@dataclass(frozen=True)
class Block:
    """What a part of a file holds; its lines are numbered from 1. `photos` is a table as `photos.table` makes it."""

    part: Part
    lines: int
    entries: tuple[Entry, ...]
    photos: pd.DataFrame
    problems: tuple[Problem, ...]


def read_blocks(folder: Path, names: Sequence[str], defaults: Defaults) -> Iterator[Block]:
    """The blocks of files, in order."""
    parts = [part for name in names for part in parts_of(folder, name, PART_BYTES)]
    read = partial(read_block, folder, defaults)
    if _size(folder, names) <= SMALL_BYTES:
        yield from map(read, parts)
        return
    # Forked processes have the imports already, which take longer than some thousand records.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        together = min(FILES_AT_ONCE, -(-len(parts) // (4 * PROCESSES)))
        yield from pool.map(read, parts, chunksize=together)


def read_block(folder: Path, defaults: Defaults, part: Part) -> Block:
    """Reads the lines of one part."""
    rows: list[Row] = []
    entries: list[Entry] = []
    problems: list[Problem] = []
    number = 0
    for line in read_lines(folder, part):
        if isinstance(line, Problem):
            problems.append(line)
            number = line.line or number
            continue
        number = line.number
        if line.content:
            _read_line(line, defaults, rows, entries, problems)
    return Block(part, number, tuple(entries), table(rows), tuple(problems))


def _read_line(line: Line, defaults: Defaults, rows: list[Row], entries: list[Entry], problems: list[Problem]) -> None:
    try:
        record = parse(Record, line.content)
    except UnusableLineError as error:
        problems.append(Problem(line.file, line.number, str(error)))
        return
    reason = None
    try:
        rows += rows_of(record, defaults, line)
    except UnusableLineError as error:
        reason = str(error)
    entries.append(Entry(line.number, record.metadata.event_id, reason))


def _size(folder: Path, names: Sequence[str]) -> int:
    """The bytes of files; those that are gone have none."""
    return sum((folder / name).stat().st_size for name in names if (folder / name).exists())
