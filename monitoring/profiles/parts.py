"""Reads parts of capture files into profiles, in two processes where there is much to read."""

from collections import deque
from collections.abc import Container, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from monitoring.captures.blocks import Read, read_part
from monitoring.captures.files import Part, Problem
from monitoring.captures.payloads import Defaults
from monitoring.captures.photos import Row
from monitoring.captures.record import digest_of
from monitoring.profiles.making import hour_name, profile_of, profiles_by_hour
from monitoring.profiles.profile import Profile
from monitoring.summaries.digests import Digests
from monitoring.summaries.measured import largest_digest
from windows.spans import EVERYTHING, Span

PROCESSES = 2
PART_BYTES = 16 * 1024**2
SMALL_BYTES = 16 * 1024**2  # less is read sooner than processes start
FILES_AT_ONCE = 8  # endpoints write many small files
AHEAD = 2 * PROCESSES  # calls
ROWS_AT_ONCE = 4096


@dataclass(frozen=True)
class Reader:
    """Where captures lie, how they are read, and which times of them."""

    folder: Path
    defaults: Defaults
    span: Span = EVERYTHING


@dataclass(frozen=True)
class Task:
    """A part of a file, the hour of what has no time, and the level of the records that are looked at closely."""

    part: Part
    hour: str
    level: int = 0


@dataclass
class Found:
    """What a part holds: how many lines, a profile for each hour, and digests of the ids of its records.

    `used` are those of the records that were counted, `named` those of all records.
    """

    lines: int
    named: Digests
    used: Digests
    profiles: dict[str, Profile]


@dataclass
class _Collection:
    """Collects what lines hold; each record's id counts once."""

    known: Container[int]
    level: int
    rows: list[Row] = field(default_factory=list)
    named: set[int] = field(default_factory=set)
    used: set[int] = field(default_factory=set)
    duplicates: dict[str, int] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)

    def add(self, read: Read, timeless: str) -> None:
        """Takes a line. What is unusable does not count as seen."""
        if read.event_id is not None:
            digest = read.rows[0]["record"] if read.rows else digest_of(read.event_id)
            self.named.add(digest)
            if digest in self.used or digest in self.known:
                hour = _hour(read, timeless)
                self.duplicates[hour] = self.duplicates.get(hour, 0) + 1
                return
            if not read.problem:
                self.used.add(digest)
        if read.problem:
            self.problems.setdefault(_hour(read, timeless), []).append(read.problem)
        self.rows += read.rows
        if len(self.rows) >= ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Makes profiles of the rows."""
        self.join(profiles_by_hour(self.rows, self.level))
        self.rows = []

    def join(self, profiles: dict[str, Profile]) -> None:
        """Adds profiles."""
        for hour, profile in profiles.items():
            self.profiles[hour] = self.profiles[hour] + profile if hour in self.profiles else profile


def read_all(reader: Reader, tasks: Sequence[Task], size: int) -> Iterator[Found]:
    """What the parts hold, in order; `size` are the bytes of all together."""
    if size <= SMALL_BYTES:
        yield from (profile_part(reader, task) for task in tasks)
        return
    together = min(FILES_AT_ONCE, -(-len(tasks) // (4 * PROCESSES)))
    waiting: deque[Future[list[Found]]] = deque()
    # Forked processes have the imports already, which take longer than some thousand records.
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        for start in range(0, len(tasks), together):
            waiting.append(pool.submit(_profile_parts, reader, tasks[start : start + together]))
            if len(waiting) > AHEAD:  # what was read must not pile up where profiles are joined and kept
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _profile_parts(reader: Reader, tasks: Sequence[Task]) -> list[Found]:
    return [profile_part(reader, task) for task in tasks]


def profile_part(reader: Reader, task: Task, known: Container[int] = ()) -> Found:
    """Reads one part; records whose ids have known digests are repetitions."""
    found = _Collection(known, task.level)
    lines = 0
    for read in read_part(reader.folder, reader.defaults, task.part, largest_digest(task.level)):
        lines = read.line or lines
        if read.time is None or reader.span.has(read.time):
            found.add(read, task.hour)
    found.flush()
    for hour in {**found.problems, **found.duplicates}:
        rest = profile_of([], found.problems.get(hour, ()), found.duplicates.get(hour, 0))
        found.join({hour: rest})
    return Found(lines, _digests(found.named), _digests(found.used), found.profiles)


def _hour(read: Read, timeless: str) -> str:
    return timeless if read.time is None else hour_name(read.time)


def _digests(found: set[int]) -> Digests:
    return np.fromiter(found, np.uint64, len(found))
