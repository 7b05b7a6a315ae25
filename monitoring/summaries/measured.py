"""Records that were measured closely: all of them, or where there are many a share that is chosen by their digests.

At level n, those are the records of whose digest the first n bits are 0. The level is the lowest one that leaves few
enough records, whatever was added first, so that any order of merging keeps the same ones.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitoring.features.pixels import IMAGE_FEATURES
from monitoring.summaries.numbers import Numbers, numbers_of

MOST = 4096  # records that are kept: of so many, no share is off by more than .03, in 99 of 100 windows
AN_HOUR = 2048  # records above which not all of an hour are looked at
BITS = 64
Measure = tuple[str, tuple[float, ...]]  # the image's digest, and its features; none if it cannot be read


@dataclass(frozen=True)
class Measured:
    """The records of a level by their digest and the image's position (`0f…:0`)."""

    level: int = 0
    records: Mapping[str, Measure] = field(default_factory=dict)

    def __add__(self, other: "Measured") -> "Measured":
        """Both together."""
        return measured_of({**self.records, **other.records}, max(self.level, other.level))

    def numbers(self, feature: str) -> Numbers:
        """One of the features of images."""
        place = IMAGE_FEATURES.index(feature)
        return numbers_of(features[place] for _, features in self.records.values() if features)


def measured_of(records: Mapping[str, Measure], level: int) -> Measured:
    """Keeps the records of a level, or of a higher one if these are too many."""
    kept = _up_to(sorted(records), level)
    while len(kept) > MOST:
        level += 1
        kept = _up_to(kept, level)
    return Measured(level, {name: records[name] for name in kept})


def largest_digest(level: int) -> int:
    """The largest digest of a record of a level."""
    return (1 << (BITS - level)) - 1


def _up_to(names: list[str], level: int) -> list[str]:
    """The names of a level, of sorted ones."""
    return names[: bisect_right(names, f"{largest_digest(level):016x}:~")]


def level_for(records: float) -> int:
    """The level at which few enough of an hour's records are looked at."""
    return int(records / AN_HOUR).bit_length()
