"""Measures a model on photos unlike those of the test split: changed by camera and weather, and of other things."""

from dataclasses import dataclass

import numpy as np

from steps.arrays import Images, Labels, Probabilities
from steps.dataset.files import Dataset
from steps.robustness.changes import KINDS, STRENGTHS, change

WAYS = tuple((kind, strength) for kind in KINDS for strength in STRENGTHS)
MOST_PHOTOS = 100  # that are changed in each way


@dataclass(frozen=True)
class Robustness:
    """Results on photos changed in one way: the share classified correctly, and the share decided.

    `right_of_decided` is the share of the decided ones that is right, None if none is decided.
    """

    kind: str
    strength: int
    accuracy: float
    decided: float
    right_of_decided: float | None


@dataclass(frozen=True)
class Beyond:
    """Measurements on other photos than those of the test split.

    `robust_accuracy` is the mean accuracy over all kinds and strengths. `others_decided` is the share of photos of
    other things that the model takes for one of its classes without asking, None if there were none.
    """

    robustness: tuple[Robustness, ...]
    robust_accuracy: float
    others_decided: float | None
    others: int


@dataclass(frozen=True)
class Exam:
    """Further photos for every model: the same ones changed in each way, then photos of other things."""

    labels: Labels  # of the photos that are changed
    images: Images

    @classmethod
    def on(cls, test: Dataset, others: Images) -> "Exam":
        """An exam on test photos, which come from all parts of the split, and on photos of other things."""
        rows = np.linspace(0, len(test.labels), min(MOST_PHOTOS, len(test.labels)), endpoint=False).astype(np.intp)
        changed = [change(test.images[rows], way) for way in WAYS]
        return cls(test.labels[rows], np.concatenate([*changed, others]))

    def measure(self, probabilities: Probabilities, threshold: float) -> Beyond:
        """Measures a model by its probabilities (N, classes) for the photos."""
        ends = len(self.labels) * np.arange(1, len(WAYS) + 1)
        *changed, others = np.split(probabilities, ends)
        rows = tuple(
            _robustness(way, self.labels, answers, threshold) for way, answers in zip(WAYS, changed, strict=True)
        )
        decided = others.max(axis=1) >= threshold
        return Beyond(
            robustness=rows,
            robust_accuracy=float(np.mean([row.accuracy for row in rows])),
            others_decided=float(decided.mean()) if len(decided) else None,
            others=len(decided),
        )


def _robustness(way: tuple[str, int], labels: Labels, probabilities: Probabilities, threshold: float) -> Robustness:
    right, decided = probabilities.argmax(axis=1) == labels, probabilities.max(axis=1) >= threshold
    of_decided = float(right[decided].mean()) if decided.any() else None
    return Robustness(*way, float(right.mean()), float(decided.mean()), of_decided)
