"""The profile of an hour, of a part of it, or of many hours: what reports need of captures, without the captures."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from monitoring.features.pixels import IMAGE_FEATURES
from monitoring.summaries.measured import Measured
from monitoring.summaries.numbers import Numbers, added, largest, smallest
from monitoring.summaries.problems import Problems
from monitoring.summaries.samples import Samples
from monitoring.summaries.timeline import Timeline

Tally = Mapping[str, int]
Tallies = Mapping[str, Tally]
UNDECIDED = "undecided"  # the decision of photos without an answer


@dataclass(frozen=True)
class ClassNames:
    """The classes that answers named, in their order, when first, and in how many."""

    names: tuple[str, ...]
    first: datetime
    count: int


@dataclass(frozen=True)
class Counts:
    """What is counted of photos.

    `numbers` and `texts` are the columns of `captures.photos` that statistics describe, by name; `hours`
    (`2026-03-01T10Z`) and `classes` count photos by decision, and `confidence` has its distribution for each; the
    features of images are those of the records that were `measured`. `asked` are the photos of captured requests,
    `unanswered` those of them that no answer belongs to.
    """

    photos: int = 0
    duplicates: int = 0
    asked: int = 0
    unanswered: int = 0
    synthetic: bool = False
    first: datetime | None = None
    last: datetime | None = None
    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    texts: Tallies = field(default_factory=dict)
    hours: Tallies = field(default_factory=dict)
    classes: Tallies = field(default_factory=dict)
    confidence: Mapping[str, Numbers] = field(default_factory=dict)
    thresholds: Mapping[float, int] = field(default_factory=dict)
    labels: tuple[ClassNames, ...] = ()
    measured: Measured = field(default_factory=Measured)
    timeline: Timeline = field(default_factory=Timeline)
    problems: Problems = field(default_factory=Problems)

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        joined: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        for name, value in joined.items():
            joined[name] = _joiner(name)(value, getattr(other, name))
        return Counts(**joined)

    @property
    def answered(self) -> int:
        """Photos with an answer."""
        return self.photos - self.decided(UNDECIDED)

    def decided(self, decision: str) -> int:
        """Photos with a decision."""
        return sum(tally.get(decision, 0) for tally in self.hours.values())

    @property
    def unreadable(self) -> int:
        """Photos that cannot be read."""
        return self.texts.get("status", {}).get("unreadable", 0)

    def column(self, name: str) -> Numbers | None:
        """The numbers of a column, those of a sample for features of images; None if it has texts, or is none."""
        return self.measured.numbers(name) if name in IMAGE_FEATURES else self.numbers.get(name)

    def present(self, name: str) -> int:
        """Photos that have a value in a column."""
        if name in IMAGE_FEATURES:
            return self.asked - self.unreadable if self.measured.numbers(name).count else 0
        numbers = self.numbers.get(name)
        return numbers.count if numbers else sum(self.texts.get(name, {}).values())

    def tally(self, name: str) -> Tally:
        """How often each text occurs in a column, sorted by text."""
        return dict(sorted(self.texts.get(name, {}).items()))


@dataclass(frozen=True)
class Profile:
    """Counts and samples."""

    counts: Counts = field(default_factory=Counts)
    samples: Samples = field(default_factory=Samples)

    def __add__(self, other: "Profile") -> "Profile":
        """Both together."""
        return Profile(self.counts + other.counts, self.samples + other.samples)

    def moved(self, file: str, lines: int) -> "Profile":
        """The same, with lines of a file that are so many further down."""
        counts = replace(self.counts, problems=self.counts.problems.moved(file, lines))
        return Profile(counts, self.samples.moved(file, lines))


def merged(profiles: Iterable[Profile]) -> Profile:
    """All together; the order does not matter."""
    return reduce(add, profiles, Profile())


def _joiner(name: str) -> Callable[[Any, Any], Any]:
    """How two values of a field of counts become one."""
    special: dict[str, Callable[[Any, Any], Any]] = {
        "synthetic": lambda one, other: one or other,
        "first": lambda one, other: smallest((one, other)),
        "last": lambda one, other: largest((one, other)),
        "numbers": lambda one, other: _each(one, other, add),
        "confidence": lambda one, other: _each(one, other, add),
        "texts": lambda one, other: _each(one, other, added),
        "hours": lambda one, other: _each(one, other, added),
        "classes": lambda one, other: _each(one, other, added),
        "thresholds": added,
        "labels": _labels,
    }
    return special.get(name, add)


def _each(one: Mapping[str, Any], other: Mapping[str, Any], join: Callable[[Any, Any], Any]) -> dict[str, Any]:
    found = dict(one)
    for name, value in other.items():
        found[name] = join(found[name], value) if name in found else value
    return found


def _labels(one: tuple[ClassNames, ...], other: tuple[ClassNames, ...]) -> tuple[ClassNames, ...]:
    found: dict[tuple[str, ...], ClassNames] = {}
    for each in (*one, *other):
        known = found.get(each.names)
        both = each if known is None else ClassNames(each.names, min(known.first, each.first), known.count + each.count)
        found[each.names] = both
    return tuple(sorted(found.values(), key=lambda each: (each.first, each.names)))
