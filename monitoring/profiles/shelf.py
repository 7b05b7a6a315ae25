"""The profiles of a folder of captures: read where they are new, and put together for a span of time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from monitoring.captures.files import Problem, parts_of
from monitoring.captures.payloads import Defaults
from monitoring.profiles.groups import Group, find_groups, total_size
from monitoring.profiles.listing import Listing
from monitoring.profiles.making import hour_name
from monitoring.profiles.parts import PART_BYTES, PROCESSES, Found, Reader, Task, profile_part, read_all
from monitoring.profiles.profile import Counts, Profile
from monitoring.profiles.store import Piece, Store
from monitoring.profiles.volume import records_an_hour
from monitoring.summaries.digests import DigestSet
from monitoring.summaries.measured import level_for
from monitoring.summaries.problems import problems_of
from windows.profiles import LIST, PREFIX
from windows.spans import Span

LOST = "these captures were not downloaded, and their profile is damaged; delete it, so that they are read again:"


@dataclass(frozen=True)
class Period:
    """What was captured in a span of time: all of it, its last day (UTC) alone, and the days before that."""

    profile: Profile = field(default_factory=Profile)
    day: str | None = None
    latest: Counts = field(default_factory=Counts)
    before: Counts = field(default_factory=Counts)


@dataclass(frozen=True)
class Shelf:
    """The pieces of each group of files below a folder, and what was found there that is no file to read.

    `older` says whether there are captures before those of the groups.
    """

    reader: Reader
    store: Store
    groups: tuple[tuple[Group, tuple[Piece, ...]], ...]
    problems: tuple[Problem, ...]
    older: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all capture files."""
        return tuple(sorted(name for group, _ in self.groups for name in group.files))

    def files_of(self, span: Span) -> tuple[str, ...]:
        """The names of the files that have captures of a span."""
        touched = (group for group, pieces in self.groups if any(_touches(piece, span) for piece in pieces))
        return tuple(name for group in touched for name in group.files)

    @property
    def extent(self) -> tuple[datetime, datetime] | None:
        """The times of the first and the last photo; None without any."""
        times = [(piece.first, piece.last) for _, pieces in self.groups for piece in pieces]
        known = [(first, last) for first, last in times if first and last]
        return (min(first for first, _ in known), max(last for _, last in known)) if known else None

    def period(self, span: Span) -> Period:
        """What was captured in a span, and all that has no time."""
        found = Period(Profile(Counts(problems=problems_of(self.problems))))
        for hour, profile in self._hours(span):
            found = _with(found, hour[:10], profile)
        return found

    def before(self, time: datetime, since: datetime) -> Counts:
        """What was counted before a time and since another one, in hours that lie between them."""
        found = Counts()
        for group, piece in self._pieces():
            if piece.first and piece.last and piece.first >= since and piece.last < time:
                found += self._counts(group, piece)
        return found

    def volume(self, start: datetime, end: datetime) -> int:
        """How many photos came from `start` to `end`, to the second."""
        found, span = 0, Span(start, end)
        for group, piece in self._pieces():
            if piece.first and piece.last and _touches(piece, span):
                whole = span.has(piece.first) and span.has(piece.last)
                timeline = None if whole else self._counts(group, piece).timeline
                found += timeline.between(start.timestamp(), end.timestamp()) if timeline else piece.photos
        return found

    def _pieces(self) -> Iterator[tuple[Group, Piece]]:
        return ((group, piece) for group, pieces in self.groups for piece in pieces)

    def _hours(self, span: Span) -> Iterator[tuple[str, Profile]]:
        """The hours of a span in order. Groups with an hour that reaches beyond it are read again, cut."""
        found: list[tuple[str, Group, Piece | Profile]] = []
        for group, pieces in self.groups:
            touched = [piece for piece in pieces if _touches(piece, span)]
            if any(_reaches_beyond(piece, span) for piece in touched):
                cut = dict(read_groups(replace(self.reader, span=span), [group]))[group]
                found += ((hour, group, profile) for hour, profile in cut.items())
            else:
                found += ((piece.hour, group, piece) for piece in touched)
        for hour, group, source in sorted(found, key=lambda each: each[0]):
            yield hour, source if isinstance(source, Profile) else self._profile(group, source)

    def _profile(self, group: Group, piece: Piece) -> Profile:
        return self.store.profile(piece) or self._again(group, piece)

    def _counts(self, group: Group, piece: Piece) -> Counts:
        return self.store.counts(piece) or self._again(group, piece).counts

    def _again(self, group: Group, piece: Piece) -> Profile:
        """What was stored is damaged, and made again; it is empty if the files have changed since."""
        return dict(read_groups(self.reader, [group]))[group].get(piece.hour, Profile())


def fill(folder: Path, defaults: Defaults, store: Store, span: Span) -> Shelf:
    """Reads what the store does not have yet of groups with records of a span. Raises MonitoringError."""
    groups, problems = find_groups(folder, span)
    with ThreadPoolExecutor(PROCESSES) as pool:  # hashing lets other threads run
        names = pool.map(lambda group: group.digest(folder, defaults), groups)
        named = dict(zip(groups, names, strict=True))
    return _filled(Reader(folder, defaults), store, named, problems)


def fill_listed(folder: Path, defaults: Defaults, store: Store, listing: Listing) -> Shelf:
    """The same of groups that are listed, of which the folder has the files that have no profile yet."""
    found = _filled(Reader(folder / listing.folder, defaults), store, listing.groups, [])
    return replace(found, older=listing.older)


def _filled(reader: Reader, store: Store, names: Mapping[Group, str], problems: Sequence[Problem]) -> Shelf:
    """Reads the groups of which the store has no profile with their name."""
    known = {group: store.pieces(name) for group, name in names.items()}
    new = [group for group, pieces in known.items() if pieces is None]
    lost = [group for group in new if not any((reader.folder / file).exists() for file in group.files)]
    for group, profiles in read_groups(reader, [group for group in new if group not in lost]):
        known[group] = store.put(names[group], profiles)
    found = [*problems, *(Problem(group.files[0], 0, f"{LOST} {PREFIX}{names[group]}{LIST}") for group in lost)]
    return Shelf(reader, store, tuple((group, tuple(pieces or ())) for group, pieces in known.items()), tuple(found))


def read_groups(reader: Reader, groups: Sequence[Group]) -> Iterator[tuple[Group, dict[str, Profile]]]:
    """The profiles of each hour of each group; only those of one group are in memory at once."""
    tasks = [(group, task) for group in groups for task in _tasks(reader, group)]
    found = read_all(reader, [task for _, task in tasks], total_size(reader.folder, groups))
    for group, same in groupby(zip(tasks, found, strict=True), key=lambda each: each[0][0]):
        yield group, _joined(reader, ((task, each) for (_, task), each in same))


def _tasks(reader: Reader, group: Group) -> Iterator[Task]:
    hour = hour_name(group.hour) if group.hour else ""
    level = level_for(records_an_hour(reader.folder, group))
    for name in group.files:
        yield from (Task(part, hour, level) for part in parts_of(reader.folder, name, PART_BYTES))


def _joined(reader: Reader, parts: Iterable[tuple[Task, Found]]) -> dict[str, Profile]:
    """The profiles of a group, in which each record counts once, and lines are numbered from the files' beginnings."""
    profiles: dict[str, Profile] = {}
    seen = DigestSet()
    file, lines = "", 0
    for task, read in parts:
        repeated = read.named[seen.known(read.named)]
        found = profile_part(reader, task, frozenset(repeated.tolist())) if len(repeated) else read
        lines = lines if task.part.file == file else 0
        file = task.part.file
        for hour, profile in found.profiles.items():
            profiles[hour] = profiles.get(hour, Profile()) + (profile.moved(file, lines) if lines else profile)
        seen.add(found.used)
        lines += found.lines
    return profiles


def _reaches_beyond(piece: Piece, span: Span) -> bool:
    return any(time is not None and not span.has(time) for time in (piece.first, piece.last))


def _touches(piece: Piece, span: Span) -> bool:
    if piece.first and piece.last:
        return span.touches(piece.first, piece.last) or span.has(piece.last)
    if not piece.hour:
        return True
    start = datetime.strptime(piece.hour, "%Y-%m-%dT%HZ").replace(tzinfo=UTC)
    return span.touches(start, start + timedelta(hours=1))


def _with(period: Period, day: str, profile: Profile) -> Period:
    """The period with a profile of its last day, or a later one; without a day, of no day in particular."""
    whole = period.profile + profile
    if not profile.counts.photos:
        return replace(period, profile=whole)
    if day == period.day:
        return Period(whole, day, period.latest + profile.counts, period.before)
    return Period(whole, day, profile.counts, period.before + period.latest)
