"""The champion (the model in production), measured on the challenger's test photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from steps.arrays import Labels, Probabilities
from steps.classifier.model_archive import MODEL_NAME
from steps.classifier.scoring import Latency, Scored
from steps.evaluation.measurements import Measurements, measure
from steps.evaluation.paired import Comparison, compare
from steps.evaluation.robustness import Exam


@dataclass(frozen=True)
class Champion:
    """The model in production. If it cannot be compared, `incomparable` says why and the last two fields are None."""

    model_version: str
    archive_bytes: int
    latency: Latency
    same_model: bool
    incomparable: str
    measurements: Measurements | None
    comparison: Comparison | None


def find(folder: Path) -> Path | None:
    """Path of the champion's archive, or None if the folder has none."""
    archive = folder / MODEL_NAME
    return archive if archive.is_file() else None


def assess(labels: Labels, challenger: Scored, champion: Scored, exam: Exam) -> Champion:
    """Measure the champion on the same photos, and compare it with the challenger if the classes agree."""
    facts = (champion.model_version, champion.archive_bytes, champion.latency)
    same = challenger.archive_sha256 == champion.archive_sha256
    if set(champion.classes) != set(challenger.classes):
        reason = f"it tells {_named(champion.classes)} apart, and the test photos are of {_named(challenger.classes)}"
        return Champion(*facts, same_model=same, incomparable=reason, measurements=None, comparison=None)
    probabilities, further = (
        aligned(each, champion.classes, challenger.classes) for each in (champion.probabilities, champion.further)
    )
    beyond = exam.measure(further, champion.threshold)
    return Champion(
        *facts,
        same_model=same,
        incomparable="",
        measurements=measure(labels, probabilities, challenger.classes, champion.threshold, beyond),
        comparison=compare(right(labels, challenger.probabilities), right(labels, probabilities)),
    )


def aligned(probabilities: Probabilities, own: Sequence[str], classes: Sequence[str]) -> Probabilities:
    """Probabilities (N, classes), whose columns are a model's own classes, with columns in the order of `classes`."""
    columns: Probabilities = probabilities[:, [own.index(name) for name in classes]]
    return columns


def right(labels: Labels, probabilities: Probabilities) -> NDArray[np.bool_]:
    """Which photos (N,) are classified correctly."""
    found: NDArray[np.bool_] = probabilities.argmax(axis=1) == labels
    return found


def _named(classes: Sequence[str]) -> str:
    return ", ".join(classes)
