"""Reads the data capture files of a folder into one table of photos."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from monitoring.captures.blocks import Block, read_blocks
from monitoring.captures.files import Line, Part, Problem, find_files, read_lines
from monitoring.captures.payloads import Defaults, images_of
from monitoring.captures.photos import frame, in_order
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


@dataclass
class Collection:
    """Puts blocks together: lines get their numbers in the file, and each eventId counts once."""

    photos: list[pd.DataFrame] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    duplicates: int = 0
    seen: set[str] = field(default_factory=set)
    file: str = ""
    lines: int = 0

    def add(self, block: Block) -> None:
        """Takes the next block; blocks of a file come in order."""
        before = self.lines if block.part.file == self.file else 0
        self.file, self.lines = block.part.file, before + block.lines
        self.problems += (Problem(each.file, each.line and each.line + before, each.reason) for each in block.problems)
        repeated = self._repeated(block, before)
        photos = block.photos
        if repeated:
            photos = photos[~photos["line"].isin(repeated)]
        if not photos.empty:
            self.photos.append(photos.assign(line=photos["line"] + before))

    def _repeated(self, block: Block, before: int) -> set[int]:
        """Counts the repetitions; returns their lines in the block. What is unusable does not count as seen."""
        repeated: set[int] = set()
        for entry in block.entries:
            if entry.event_id in self.seen:
                repeated.add(entry.line)
            elif entry.reason is not None:
                self.problems.append(Problem(block.part.file, entry.line + before, entry.reason))
            else:
                self.seen.add(entry.event_id)
        self.duplicates += len(repeated)
        return repeated


def read_captures(folder: Path, defaults: Defaults) -> Captures:
    """Reads every line of every `*.jsonl` file below a folder. Of records with the same eventId, the first counts."""
    names, problems = find_files(folder)
    found = Collection(problems=problems)
    for block in read_blocks(folder, names, defaults):
        found.add(block)
    photos = in_order(pd.concat(found.photos, ignore_index=True)) if found.photos else frame([])
    lines = tuple(problem for problem in found.problems if problem.line)
    files = tuple(problem for problem in found.problems if not problem.line)
    return Captures(photos, lines, tuple(names), found.duplicates, files)


def read_image(folder: Path, file: str, place: int, position: int) -> bytes:
    """The encoded image of one row, read from its file again: a day's photos would not fit into memory."""
    found = next(each for each in read_lines(folder, Part(file, place)) if isinstance(each, Line))
    request = parse(Record, found.content).data.endpoint_input
    if request is None:
        raise UnusableLineError(f"{file} captured no request at byte {place}")
    return images_of(request)[position]
