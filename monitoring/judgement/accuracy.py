"""How accurate the model is in a window: measured where actual classes are known, and estimated from its confidence.

An estimate is believed only while nothing says that confidence means something else than on the test photos.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from jobs.intervals import Z_95
from monitoring.captures.photos import frame
from monitoring.drift.baseline import Baseline
from monitoring.ground_truth.joining import Joined, join
from monitoring.ground_truth.measured import Measured, measure, tally
from monitoring.ground_truth.records import GroundTruth
from monitoring.judgement.causes import PICTURES, Cause, limited, percent
from monitoring.profiles.profile import Counts
from monitoring.summaries.numbers import Numbers

FEWEST = 20  # answered photos
MISTAKEN = ("labels_disagree", "model_answers")  # causes that say that answers are wrong
UNBELIEVABLE = (*PICTURES, *MISTAKEN, "unsure")
MARGIN, SERIOUS_MARGIN = 0.05, 0.15  # by which the actual classes must contradict the confidence
SKEWED = 0.15  # how far the share for review of photos with ground truth may be from that of all


@dataclass(frozen=True)
class Calibration:
    """What the confidence was worth on the test photos: right answers less confidence, on average, and its error."""

    gap: float
    error: float


@dataclass(frozen=True)
class Estimate:
    """The share of right answers that calibrated confidence promises, with a 95 % band."""

    share: float
    low: float
    high: float
    photos: int

    @property
    def document(self) -> dict[str, Any]:
        """The estimate as JSON."""
        return {**limited({"share": self.share, "low": self.low, "high": self.high}), "photos": self.photos}


@dataclass(frozen=True)
class Accuracy:
    """What is known of the accuracy in a window; where nothing is, the reason why.

    `pending` photos have an answer and no actual class yet. `representative` says whether photos for review are as
    frequent among those with ground truth as among all. `named` counts actual classes that the model does not have.
    """

    measured: Measured | None = None
    not_measured: str = "no photo of the window has ground truth"
    estimated: Estimate | None = None
    not_estimated: str = "there are too few photos"
    pending: int = 0
    representative: bool = True
    named: dict[str, int] | None = None

    @property
    def document(self) -> dict[str, Any]:
        """The entry `accuracy` of `verdict.json`."""
        more = {"pending": self.pending, "representative": self.representative, "other_names": self.named or {}}
        return {
            "measured": {**self.measured.document, **more} if self.measured else None,
            "not_measured": None if self.measured else self.not_measured,
            "estimated": self.estimated.document if self.estimated else None,
            "not_estimated": None if self.estimated else self.not_estimated,
        }


def measured_accuracy(
    labelled: pd.DataFrame | None, counts: Counts, truth: GroundTruth | None, worth: float
) -> tuple[Accuracy, Joined | None]:
    """The accuracy of photos by what they are known to show, and these photos.

    `labelled` has them in the table of `captures.photos`, `counts` are of all photos. `worth` is how many independent
    photos one of them is worth.
    """
    if truth is None or not truth.classes:
        return Accuracy(), None
    found = join(frame([]) if labelled is None else labelled, truth)
    measured = measure(tally(found.photos), worth)
    if measured is None:
        return Accuracy(), None
    decided = counts.decided("accepted") / counts.answered
    skew = abs(decided - float(found.photos["decided"].mean()))
    return (
        Accuracy(
            measured=measured,
            pending=counts.answered - len(found.photos),
            representative=skew <= SKEWED,
            named=found.named,
        ),
        found,
    )


def with_truth(causes: Sequence[Cause], accuracy: Accuracy, joined: Joined | None) -> list[Cause]:
    """Causes after a look at the actual classes, which outweigh what answers and photos seem to say.

    They are held against the confidence in the very same photos: people often look at those of which the model is not
    sure, and it is right about fewer of them.
    """
    measured = accuracy.measured
    if measured is None or joined is None:
        return list(causes)
    promised = float(joined.photos["believed"].mean())
    right = measured.all
    evidence = limited({"accuracy": right.value, "accuracy_low": right.low, "accuracy_high": right.high})
    evidence |= {"photos_with_ground_truth": right.photos}
    refuted = [each for each in causes if each.cause in MISTAKEN and right.low > 1 - each.share]
    kept = [_with(each, evidence) if each.cause in MISTAKEN else each for each in causes if each not in refuted]
    if right.high >= promised - MARGIN or any(each.cause in MISTAKEN for each in kept):
        return kept
    text = (
        f"answers do not agree with the ground truth: {percent(right.value)} of {right.photos:,} photos are right, "
        f"where the model's confidence promises {percent(promised)}"
    )
    serious = right.high < promised - SERIOUS_MARGIN
    rank = 1.2 if serious else 0.85
    return [*kept, Cause("labels_disagree", text, 1 - right.value, {**evidence, "promised": promised}, serious, rank)]


def estimate(
    believed: Numbers, causes: Sequence[Cause], calibration: Calibration | None, judged: bool, worth: float
) -> Estimate | str:
    """The accuracy that the confidence promises, or why it must not be believed.

    `believed` are the probabilities of what the model answered, by photo.
    `judged` says whether photos were compared with a reference: without, nobody knows what they look like. The band
    has chance, the error with which the calibration is known, and the gap that the test photos showed.
    """
    if believed.count < FEWEST:
        return f"fewer than {FEWEST} photos have an answer"
    wrong = next((each for each in causes if each.serious or each.cause in UNBELIEVABLE), None)
    if wrong is not None:
        return f"confidence cannot be believed while {wrong.text}"
    if not judged:
        return "nothing says whether the photos are like those on which confidence was calibrated"
    if calibration is None:
        return "the baseline does not say how often confident answers to test photos were right"
    chance = believed.chance / max(believed.count * worth, 1.0)
    reach = Z_95 * float(np.sqrt(chance + calibration.error**2))
    share = believed.mean
    low, high = share + min(calibration.gap, 0) - reach, share + max(calibration.gap, 0) + reach
    return Estimate(share, max(low, 0.0), min(high, 1.0), believed.count)


def calibration_of(baseline: Baseline | None) -> Calibration | None:
    """How well confidence was calibrated on the test photos; None where the baseline does not say."""
    features = {each.name: each.numerical_statistics for each in baseline.statistics.features} if baseline else {}
    found = features.get("calibration_gap")
    if found is None or found.mean is None or found.std_dev is None or found.common.num_present < FEWEST:
        return None
    return Calibration(found.mean, found.std_dev / float(np.sqrt(found.common.num_present)))


def _with(cause: Cause, evidence: dict[str, Any]) -> Cause:
    return replace(cause, evidence={**cause.evidence, **evidence})
