"""How many photos came when, by decision: by the second at first, more coarsely where that would be too many slots."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitoring.summaries.numbers import added

STEPS = (1, 10, 60, 600, 3600, 86400)  # seconds a slot; each divides the next, so that slots can be joined
MOST = 4096  # slots


@dataclass(frozen=True)
class Timeline:
    """`counts` has the photos of each decision from a slot's start (seconds since 1970) for `step` seconds.

    The step is the smallest with few enough slots, whatever was added first.
    """

    step: int = STEPS[0]
    counts: Mapping[str, Mapping[int, int]] = field(default_factory=dict)

    def __add__(self, other: "Timeline") -> "Timeline":
        """Both together."""
        step = max(self.step, other.step)
        own, others = (each.coarser(step).counts for each in (self, other))
        names = sorted({*own, *others})
        found = Timeline(step, {name: added(own.get(name, {}), others.get(name, {})) for name in names})
        while found.slots > MOST and found.step < STEPS[-1]:
            found = found.coarser(STEPS[STEPS.index(found.step) + 1])
        return found

    @property
    def slots(self) -> int:
        """How many slots have photos."""
        return len(set().union(*self.counts.values()))

    def coarser(self, step: int) -> "Timeline":
        """The same in slots of so many seconds, which must be a multiple of the present ones."""
        if step == self.step:
            return self
        return Timeline(step, {name: _joined(counts, step) for name, counts in self.counts.items()})

    def between(self, start: float, end: float) -> int:
        """Photos from `start` to `end` (seconds since 1970), by the slots that begin there."""
        return sum(count for counts in self.counts.values() for slot, count in counts.items() if start <= slot < end)


def timeline_of(moments: Iterable[tuple[str, int]]) -> Timeline:
    """The timeline of decisions and whole seconds."""
    found: dict[str, dict[int, int]] = {}
    for decision, second in moments:
        counts = found.setdefault(decision, {})
        counts[second] = counts.get(second, 0) + 1
    return Timeline(counts=found) + Timeline()


def _joined(counts: Mapping[int, int], step: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for slot, count in counts.items():
        start = slot // step * step
        found[start] = found.get(start, 0) + count
    return found
