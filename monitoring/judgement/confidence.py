"""Causes in the model's confidence, compared with the time before, or with its answers to the test photos."""

from dataclasses import dataclass

import numpy as np

from monitoring.drift.baseline import Baseline
from monitoring.judgement.causes import Cause, limited, of_photos, percent
from monitoring.profiles.profile import Counts
from monitoring.statistics.model_monitor import Bucket, Feature

FEWEST = 20  # answered photos
FEWEST_BEFORE = 40
UNCERTAIN, UNCERTAIN_SHIFT = 0.4, 0.25  # certainty below which it is too low; a fall that is too large
REVIEWED, REVIEWED_SHIFT = 0.85, 0.25  # share for review above which it is too high; a rise that is too large
UNKNOWN_USUAL, UNKNOWN_SHIFT = 0.05, 0.15  # usual share of photos of no known vehicle; a rise that is too large
SERIOUS_SHARE = 0.4
UNKNOWN = "not_a_known_vehicle"


@dataclass(frozen=True)
class Confidence:
    """How sure a model was: its median confidence, and the shares for review and of no known vehicle."""

    median: float
    review: float
    unknown: float
    source: str

    @property
    def text(self) -> str:
        """The share that was for review, to compare with."""
        return f", {percent(self.review)} {self.source}"


def usual_confidence(past: Counts, baseline: Baseline | None) -> Confidence | None:
    """What to compare with: the captures before the window, or else what the model answered to the test photos."""
    if past.answered >= FEWEST_BEFORE:
        return _confidence(past, "before")
    features = {each.name: each for each in baseline.statistics.features} if baseline else {}
    return _of_test_photos(features.get("confidence"), features.get("decision"))


def confidence_causes(counts: Counts, usual: Confidence | None) -> list[Cause]:
    """Lower confidence, a larger share for review, or more photos that the model says are of something else."""
    if counts.answered < FEWEST:
        return []
    now = _confidence(counts)
    found = _unknown(now, usual, counts.answered)
    classes = _classes(counts)
    sure = certainty(now.median, classes)
    evidence = limited({"median_confidence": now.median, "for_review": now.review})
    then = usual.text if usual else ""
    if sure < UNCERTAIN if usual is None else sure < certainty(usual.median, classes) - UNCERTAIN_SHIFT:
        text = (
            f"the model is unsure: its median confidence is {percent(now.median)}, "
            f"{of_photos(now.review, counts.answered)} are for review{then}"
        )
        return [*found, Cause("unsure", text, now.review, evidence, serious=True, rank=0.9)]
    if now.review > (REVIEWED if usual is None else usual.review + REVIEWED_SHIFT):
        text = f"more photos are for review: {of_photos(now.review, counts.answered)}{then}"
        return [*found, Cause("review_share", text, now.review, evidence, rank=0.6)]
    return found


def _classes(counts: Counts) -> int:
    """How many classes answers name, usually."""
    many = [len(each.names) for each in counts.labels]
    return int(np.median(np.repeat(many, [each.count for each in counts.labels])))


def certainty(median: float, classes: int) -> float:
    """Median confidence on a scale from 0 (all classes equally probable) to 1 (certain)."""
    least = 1 / max(classes, 2)
    return (median - least) / (1 - least)


def _unknown(now: Confidence, usual: Confidence | None, count: int) -> list[Cause]:
    before = usual.unknown if usual else UNKNOWN_USUAL
    if now.unknown < before + UNKNOWN_SHIFT:
        return []
    text = f"the model finds none of the classes in {of_photos(now.unknown, count)}"
    evidence = limited({"usual": before})
    return [Cause("other_things", text, now.unknown, evidence, now.unknown >= SERIOUS_SHARE, 0.95 + now.unknown)]


def _confidence(counts: Counts, source: str = "") -> Confidence:
    return Confidence(
        median=counts.numbers["confidence"].quantile(0.5),
        review=1 - counts.decided("accepted") / counts.answered,
        unknown=counts.decided(UNKNOWN) / counts.answered,
        source=source,
    )


def _of_test_photos(confidence: Feature | None, decision: Feature | None) -> Confidence | None:
    numbers = confidence.numerical_statistics if confidence else None
    texts = decision.string_statistics if decision else None
    if numbers is None or numbers.distribution is None or texts is None or not texts.common.num_present:
        return None
    counted = {each.value: each.count / texts.common.num_present for each in texts.distribution.categorical.buckets}
    return Confidence(
        median=_median(numbers.distribution.kll.buckets),
        review=1 - counted.get("accepted", 0.0),
        unknown=counted.get(UNKNOWN, 0.0),
        source="of the test photos",
    )


def _median(buckets: tuple[Bucket, ...]) -> float:
    """The median, interpolated within its bucket."""
    below = np.cumsum([0, *(each.count for each in buckets)])
    bounds = [buckets[0].lower_bound, *(each.upper_bound for each in buckets)]
    return float(np.interp(below[-1] / 2, below, bounds))
