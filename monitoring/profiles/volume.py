"""How many records an hour a group of files has, roughly, before they are read: by lines at places all over them."""

from collections.abc import Iterator
from pathlib import Path

from monitoring.captures.files import Line, Part, read_lines
from monitoring.captures.record import Record, parse
from monitoring.errors import UnusableLineError
from monitoring.profiles.groups import Group

PLACES = 128
SMALL_BYTES = 4 * 1024**2  # of a group whose records are all looked at closely


def records_an_hour(folder: Path, group: Group) -> float:
    """Rather too few than too many; 0 if hours have few, or if they cannot be told."""
    sizes = {name: (folder / name).stat().st_size for name in group.files if (folder / name).exists()}
    total = sum(sizes.values())
    if total < SMALL_BYTES:
        return 0.0
    lines, hours = [], set()
    for line in _lines(folder, sizes, total // PLACES):
        try:
            time = parse(Record, line.content).metadata.inference_time
        except UnusableLineError:
            continue
        lines.append(len(line.content))
        hours.add(time.replace(minute=0, second=0, microsecond=0))
    if group.hour is None and 2 * len(hours) > len(lines):
        return 0.0
    return total / max(lines) / (len(hours) if group.hour is None else 1) if lines else 0.0


def _lines(folder: Path, sizes: dict[str, int], step: int) -> Iterator[Line]:
    """The lines behind each step through all files."""
    before, place = 0, 0
    for name, size in sizes.items():
        while place < before + size:
            found = next(read_lines(folder, Part(name, place - before)), None)
            if isinstance(found, Line) and found.content:
                yield found
            place += step
        before += size
