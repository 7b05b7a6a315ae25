"""Counts what comes of photos, while they are sent and answered in many threads."""

import threading
from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

PERCENTILES = (50, 95, 99)


@dataclass(frozen=True)
class Counts:
    """What has come of photos so far.

    Latencies are in seconds from when a photo was due until its answer, for photos that were answered. `late` is how
    late the 99th percentile of the photos was sent. `left_out` were not sent because too many were under way.
    """

    sent: int
    under_way: int
    left_out: int
    outcomes: Mapping[str, int]
    errors: Mapping[str, int]
    latency: Mapping[str, float]
    late: float

    @property
    def answered(self) -> int:
        """How many photos have an outcome."""
        return sum(self.outcomes.values())

    @property
    def failed(self) -> int:
        """How many photos ended in an error."""
        return sum(self.errors.values())

    @property
    def document(self) -> dict[str, Any]:
        """The counts as JSON."""
        return asdict(self) | {"answered": self.answered, "failed": self.failed}


@dataclass
class Tally:
    """The counts as they grow. Each method may be called in any thread."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sent: int = 0
    _left_out: int = 0
    _outcomes: Counter[str] = field(default_factory=Counter)
    _errors: Counter[str] = field(default_factory=Counter)
    _latencies: "array[float]" = field(default_factory=lambda: array("d"))
    _late: "array[float]" = field(default_factory=lambda: array("d"))

    def send(self, late: float) -> None:
        """A photo is sent, so many seconds after it was due."""
        with self._lock:
            self._sent += 1
            self._late.append(late)

    def leave_out(self) -> None:
        """A photo was due and is not sent."""
        with self._lock:
            self._left_out += 1

    def answer(self, outcome: str, latency: float) -> None:
        """A photo was answered."""
        with self._lock:
            self._outcomes[outcome] += 1
            self._latencies.append(latency)

    def fail(self, error: str) -> None:
        """A photo ended in an error of this kind."""
        with self._lock:
            self._errors[error] += 1

    @property
    def under_way(self) -> int:
        """How many photos were sent and have neither an answer nor an error yet."""
        with self._lock:
            return self._sent - self._outcomes.total() - self._errors.total()

    @property
    def counts(self) -> Counts:
        """What has come of them by now."""
        with self._lock:
            ended = self._outcomes.total() + self._errors.total()
            outcomes, errors = dict(self._outcomes.most_common()), dict(self._errors.most_common())
            latencies, late = np.array(self._latencies), np.array(self._late)
        return Counts(
            sent=len(late),
            under_way=len(late) - ended,
            left_out=self._left_out,
            outcomes=outcomes,
            errors=errors,
            latency=_percentiles(latencies),
            late=round(float(np.percentile(late, 99)), 4) if len(late) else 0.0,
        )


def _percentiles(latencies: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, float]:
    if not len(latencies):
        return {}
    found = {f"p{each}": float(np.percentile(latencies, each)) for each in PERCENTILES}
    return {name: round(value, 4) for name, value in {**found, "max": float(latencies.max())}.items()}
