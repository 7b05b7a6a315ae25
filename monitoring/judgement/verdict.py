"""The verdict on a window: whether the model can be trusted in it, and why not."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pandas as pd

from monitoring.drift.baseline import Baseline
from monitoring.features.images import from_bytes
from monitoring.ground_truth.records import GroundTruth
from monitoring.judgement import answers, traffic
from monitoring.judgement.accuracy import Accuracy, Estimate, calibration_of, estimate, measured_accuracy, with_truth
from monitoring.judgement.causes import Cause, NotCompared, limited
from monitoring.judgement.confidence import Confidence, confidence_causes, usual_confidence
from monitoring.judgement.eye import NOTHING, Eye, eye_of
from monitoring.judgement.looks import Looks, look
from monitoring.judgement.pictures import picture_causes
from monitoring.judgement.reference import Reference
from monitoring.judgement.window import Window, zulu

VERDICT = "verdict.json"
FEWEST = 20  # photos, below which nothing is said of a window
NO_REFERENCE = "there is no reference of good photos (scones monitor baseline makes one)"
Word = Literal["trust", "look", "do_not_trust", "cannot_tell"]
HEADLINES: dict[Word, str] = {
    "trust": "Trust",
    "look": "Have a look",
    "do_not_trust": "Do not trust",
    "cannot_tell": "Cannot tell",
}


@dataclass(frozen=True)
class References:
    """What a window is compared with, beside its own past.

    These are good photos, the statistics of Model Monitor's shape, and the actual classes of photos. `missing` says why
    there are no good photos.
    """

    photos: Reference | None = None
    statistics: Baseline | None = None
    truth: GroundTruth | None = None
    missing: str = NO_REFERENCE


@dataclass(frozen=True)
class Verdict:
    """What is said of a window; causes are in order, the main one first. `eye` is what the model sees of its photos."""

    word: Word
    window: Window
    causes: tuple[Cause, ...]
    not_compared: tuple[NotCompared, ...]
    reference: Reference | None
    accuracy: Accuracy = field(default_factory=Accuracy)
    eye: Eye | None = None

    @property
    def headline(self) -> str:
        """The verdict in a line."""
        if self.causes:
            return f"{HEADLINES[self.word]}: {self.causes[0].text}"
        if self.word == "trust":
            return f"{HEADLINES[self.word]}: nothing speaks against it in {self.window.photos:,} photos"
        return f"{HEADLINES[self.word]}: {self.not_compared[0].why}"

    @property
    def document(self) -> dict[str, Any]:
        """The content of `verdict.json`."""
        known = self.reference
        start, end = zulu(self.window.start), zulu(self.window.end)
        since = self.causes[0].evidence.get("since") if self.causes else None
        return {
            "verdict": self.word,
            "window": {"from": start, "to": end},
            "records": self.window.photos,
            "since": since or (start if self.causes else None),
            "causes": [cause.document for cause in self.causes],
            "accuracy": self.accuracy.document,
            "numbers": self.numbers,
            "not_compared": [{"what": each.what, "why": each.why} for each in self.not_compared],
            "baseline": {"photos": known.photos, "classes": list(known.classes)} if known else None,
        }

    @property
    def numbers(self) -> dict[str, float | None]:
        """How sure the model was: its median confidence, and the share of photos for review; null without answers."""
        counts = self.window.counts
        if not counts.answered:
            return {"median_confidence": None, "review_share": None}
        review = 1 - counts.decided("accepted") / counts.answered
        return {**limited({"median_confidence": counts.numbers["confidence"].quantile(0.5), "review_share": review})}


def judge(window: Window, references: References, labelled: pd.DataFrame | None = None) -> Verdict:
    """Judges what was captured in a window.

    `labelled` has photos of which the ground truth says something, in the table of `captures.photos`.
    """
    reference, counts = references.photos, window.counts
    usual = usual_confidence(window.past, references.statistics)
    eye = eye_of(counts, reference)
    seen = eye if isinstance(eye, Eye) else None
    looks = _looks(window, reference, seen)
    worth = _worth(window, looks)
    seen = replace(seen, worth=worth) if seen else None
    accuracy, joined = measured_accuracy(window.only(labelled), counts, references.truth, worth)
    gaps = _not_compared(window, references, usual, accuracy, eye)
    if window.photos < FEWEST:
        counted = "1 photo is" if window.photos == 1 else f"{window.photos} photos are"
        few = f"{counted} too few to judge" if window.photos else "nothing was captured"
        fallen = tuple(traffic.volume_cause(window))  # the fewer photos, the more that says
        word: Word = "look" if fallen else "cannot_tell"
        return Verdict(word, window, fallen, (NotCompared("everything", few), *gaps), reference, accuracy)
    found = [
        *traffic.volume_cause(window),
        *traffic.repetition_cause(counts),
        *traffic.unanswered_cause(counts),
        *traffic.unreadable_causes(counts),
        *confidence_causes(counts, usual),
    ]
    if looks is not None:
        found += _beside_reference(window, looks)
    found = with_truth(found, accuracy, joined)
    causes = _each_once(sorted(_once_unsure(found), key=lambda cause: -cause.rank))
    calibration, believed = calibration_of(references.statistics), counts.numbers["believed"]
    estimated = estimate(believed, causes, calibration, looks is not None, worth)
    return Verdict(_word(causes, reference), window, causes, gaps, reference, _with(accuracy, estimated), seen)


def _looks(window: Window, reference: Reference | None, eye: Eye | None) -> Looks | None:
    """The looks of the window's different photos; None where they are not judged."""
    pictures = window.samples.in_order
    if reference is None or not pictures or window.photos < FEWEST:
        return None
    turned = eye.each(photo.upright for photo, _ in pictures) if eye else NOTHING
    return look(reference, from_bytes([pixels for _, pixels in pictures]), eye, turned)


def _worth(window: Window, looks: Looks | None) -> float:
    """How many independent photos one of the window's is worth; pictures of the same thing count together."""
    distinct = window.samples.distinct / max(window.photos, 1)
    alone = looks.different / len(looks.alike) if looks is not None else 1.0
    return distinct * alone if distinct else 1.0


def _with(accuracy: Accuracy, estimated: Estimate | str) -> Accuracy:
    if isinstance(estimated, str):
        return replace(accuracy, not_estimated=estimated)
    return replace(accuracy, estimated=estimated)


def _beside_reference(window: Window, looks: Looks) -> list[Cause]:
    photos = [photo for photo, _ in window.samples.in_order]
    pictures = picture_causes(looks, [photo.time for photo in photos], window.photos)
    predicted = pd.Series([photo.predicted for photo in photos])
    confidence = pd.Series([photo.confidence for photo in photos])
    return [*pictures, *answers.answer_causes(looks, predicted, confidence, window.photos, intact=not pictures)]


def _once_unsure(causes: list[Cause]) -> list[Cause]:
    """A model that answers badly is also unsure, and changed pictures make it so: that comes behind them."""
    roots = any(cause.serious and cause.cause != "unsure" for cause in causes)
    later = ("unsure", "review_share", "class_mix")
    return [replace(cause, rank=cause.rank / 4) if roots and cause.cause in later else cause for cause in causes]


def _each_once(causes: list[Cause]) -> tuple[Cause, ...]:
    """The first of each name; both photos and answers can say that there are other things."""
    named = [cause.cause for cause in causes]
    return tuple(cause for place, cause in enumerate(causes) if named.index(cause.cause) == place)


def _word(causes: tuple[Cause, ...], reference: Reference | None) -> Word:
    if any(cause.serious for cause in causes):
        return "do_not_trust"
    if causes:
        return "look"
    return "cannot_tell" if reference is None else "trust"


def _not_compared(
    window: Window, references: References, usual: Confidence | None, accuracy: Accuracy, eye: Eye | NotCompared
) -> tuple[NotCompared, ...]:
    """What was not compared, and why."""
    found = []
    if references.photos is None:
        found.append(NotCompared("photos", references.missing))
    if len(window.volumes) < traffic.FEWEST_PAST:
        found.append(NotCompared("traffic", "fewer than two days before the window have captures"))
    if usual is None:
        why = "the baseline has no answers, and there are too few before the window; only a collapse is seen"
        found.append(NotCompared("confidence", why))
    if not window.counts.answered:
        found.append(NotCompared("answers", "no answers were captured"))
    elif references.photos is not None and isinstance(eye, NotCompared):
        found.append(eye)
    if accuracy.measured is None:
        found.append(NotCompared("accuracy", accuracy.not_measured))
    return tuple(found)
