"""How often the answers were right, from counts of what photos showed and what the model said of them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from jobs.intervals import wilson_interval
from monitoring.ground_truth.joining import NONE

Tally = Counter[tuple[str, str, bool]]  # photos by actual class, answer, and whether they were decided; sums are merges


@dataclass(frozen=True)
class Share:
    """Right answers of a number of photos, with the 95 % interval of their share."""

    right: int
    photos: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share."""
        return self.right / self.photos

    @property
    def document(self) -> dict[str, Any]:
        """The share as JSON."""
        rounded = {"share": round(self.value, 4), "low": round(self.low, 4), "high": round(self.high, 4)}
        return {"right": self.right, "photos": self.photos, **rounded}


@dataclass(frozen=True)
class Measured:
    """The accuracy of a window, from photos whose actual class is known.

    `decided` is that of the photos that no person looked at, None if there are none. `classes` has the share of each
    actual class's photos that were recognised. `confusion` counts answers by actual class.
    """

    all: Share
    decided: Share | None
    classes: dict[str, Share]
    confusion: dict[str, dict[str, int]]

    @property
    def document(self) -> dict[str, Any]:
        """The accuracy as JSON."""
        return {
            **self.all.document,
            "decided": self.decided.document if self.decided else None,
            "classes": {name: share.document for name, share in self.classes.items()},
            "confusion": self.confusion,
        }


def tally(joined: pd.DataFrame) -> Tally:
    """Counts photos whose actual class is known; the table is that of `joining.Joined`."""
    columns = (joined["actual"], joined["answered"], joined["decided"])
    return Counter(zip(*(column.tolist() for column in columns), strict=True))


def measure(counts: Tally, worth: float) -> Measured | None:
    """The accuracy of counted photos; None without any.

    `worth` is how many independent photos one of them is worth: intervals are wider where the same vehicle was
    photographed again and again.
    """
    if not counts:
        return None
    actual = _in_order({known for known, _, _ in counts})
    answered = _in_order({known for known, _, _ in counts} | {answer for _, answer, _ in counts})
    decided = Counter({key: count for key, count in counts.items() if key[2]})
    return Measured(
        all=_share(counts, worth),
        decided=_share(decided, worth) if decided else None,
        classes={name: _share(Counter({k: n for k, n in counts.items() if k[0] == name}), worth) for name in actual},
        confusion={
            name: {other: counts[(name, other, False)] + counts[(name, other, True)] for other in answered}
            for name in actual
        },
    )


def _share(counts: Tally, worth: float) -> Share:
    right, total = sum(n for (known, answer, _), n in counts.items() if known == answer), counts.total()
    return Share(right, total, *wilson_interval(right / total, max(total * worth, 1.0)))


def _in_order(names: set[str]) -> list[str]:
    """Classes by name, and what is none of them last."""
    return sorted(names, key=lambda name: (name == NONE, name))
