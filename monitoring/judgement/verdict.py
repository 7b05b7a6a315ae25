"""The verdict on a window: whether the model can be trusted in it, and why not."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from monitoring.captures.capture import Captures, read_image
from monitoring.drift.baseline import Baseline
from monitoring.features.images import see, stacked
from monitoring.features.pixels import Pixels
from monitoring.ground_truth.records import GroundTruth
from monitoring.judgement import answers, traffic
from monitoring.judgement.accuracy import Accuracy, Estimate, calibration_of, estimate, measured_accuracy, with_truth
from monitoring.judgement.causes import Cause, NotCompared, limited
from monitoring.judgement.confidence import Confidence, confidence_causes, usual_confidence
from monitoring.judgement.looks import Looks, look
from monitoring.judgement.pictures import picture_causes
from monitoring.judgement.reference import Reference
from monitoring.judgement.window import Span, Window, sampled, window_of, zulu

VERDICT = "verdict.json"
FEWEST = 20  # photos, below which nothing is said of a window
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

    These are good photos, the statistics of Model Monitor's shape, and the actual classes of photos.
    """

    photos: Reference | None = None
    statistics: Baseline | None = None
    truth: GroundTruth | None = None


@dataclass(frozen=True)
class Verdict:
    """What is said of a window; causes are in order, the main one first."""

    word: Word
    window: Window
    causes: tuple[Cause, ...]
    not_compared: tuple[NotCompared, ...]
    reference: Reference | None
    accuracy: Accuracy = field(default_factory=Accuracy)

    @property
    def headline(self) -> str:
        """The verdict in a line."""
        if self.causes:
            return f"{HEADLINES[self.word]}: {self.causes[0].text}"
        if self.word == "trust":
            return f"{HEADLINES[self.word]}: nothing speaks against it in {len(self.window.photos):,} photos"
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
            "records": len(self.window.photos),
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
        answered = self.window.photos.dropna(subset="confidence")
        if answered.empty:
            return {"median_confidence": None, "review_share": None}
        review = float((answered["decision"] != "accepted").mean())
        return {**limited({"median_confidence": answered["confidence"].median(), "review_share": review})}


def judge(captures: Captures, folder: Path, references: References, span: Span, now: datetime) -> Verdict:
    """Judges the captures of a folder in a span of time."""
    reference = references.photos
    window = window_of(captures.photos, span, now)
    photos = window.photos
    usual = usual_confidence(window.past, references.statistics)
    looks = _looks(window, folder, reference)
    worth = _worth(window, looks)
    accuracy, joined = measured_accuracy(photos, references.truth, worth)
    gaps = _not_compared(window, reference, usual, accuracy)
    if len(photos) < FEWEST:
        counted = "1 photo is" if len(photos) == 1 else f"{len(photos)} photos are"
        few = "nothing was captured" if photos.empty else f"{counted} too few to judge"
        return Verdict("cannot_tell", window, (), (NotCompared("everything", few), *gaps), reference, accuracy)
    problems = [*captures.unusable_lines, *captures.unreadable_files]
    found = [
        *traffic.volume_cause(window),
        *traffic.repetition_cause(photos),
        *traffic.unanswered_cause(photos),
        *traffic.unreadable_causes(photos, problems),
        *confidence_causes(photos, usual),
    ]
    if looks is not None:
        found += _beside_reference(window, looks)
    found = with_truth(found, accuracy, joined)
    causes = _each_once(sorted(_once_unsure(found), key=lambda cause: -cause.rank))
    estimated = estimate(photos, causes, calibration_of(references.statistics), looks is not None, worth)
    return Verdict(_word(causes, reference), window, causes, gaps, reference, _with(accuracy, estimated))


def _looks(window: Window, folder: Path, reference: Reference | None) -> Looks | None:
    """The looks of the window's different photos; None where they are not judged."""
    if reference is None or window.pictures.empty or len(window.photos) < FEWEST:
        return None
    return look(reference, _pixels(folder, sampled(window.pictures)))


def _worth(window: Window, looks: Looks | None) -> float:
    """How many independent photos one of the window's is worth; pictures of the same thing count together."""
    distinct = len(window.pictures) / max(len(window.photos), 1)
    alone = looks.different / len(looks.alike) if looks is not None else 1.0
    return distinct * alone if distinct else 1.0


def _with(accuracy: Accuracy, estimated: Estimate | str) -> Accuracy:
    if isinstance(estimated, str):
        return replace(accuracy, not_estimated=estimated)
    return replace(accuracy, estimated=estimated)


def _beside_reference(window: Window, looks: Looks) -> list[Cause]:
    rows = sampled(window.pictures)
    times = [time.to_pydatetime() for time in rows["time"]]
    pictures = picture_causes(looks, times, len(window.photos))
    intact = not pictures
    return [
        *pictures,
        *answers.answer_causes(looks, rows["predicted"], rows["confidence"], len(window.photos), intact),
    ]


def _pixels(folder: Path, rows: Any) -> Pixels:  # noqa: ANN401 - a table
    places = zip(rows["file"], rows["place"], rows["position"], strict=True)
    return stacked([see(read_image(folder, str(file), int(place), int(position))) for file, place, position in places])


def _once_unsure(causes: list[Cause]) -> list[Cause]:
    """A model that answers badly is also unsure, and changed pictures make it so: that comes behind them."""
    roots = any(cause.serious and cause.cause not in ("unsure", "review_share") for cause in causes)
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
    window: Window, reference: Reference | None, usual: Confidence | None, accuracy: Accuracy
) -> tuple[NotCompared, ...]:
    """What was not compared, and why."""
    found = []
    if reference is None:
        found.append(NotCompared("photos", "there is no reference of good photos (scones monitor baseline makes one)"))
    if len(traffic.past_volumes(window)) < traffic.FEWEST_PAST:
        found.append(NotCompared("traffic", "fewer than two days before the window have captures"))
    if usual is None:
        why = "the baseline has no answers, and there are too few before the window; only a collapse is seen"
        found.append(NotCompared("confidence", why))
    if window.photos["predicted"].isna().all():
        found.append(NotCompared("answers", "no answers were captured"))
    if accuracy.measured is None:
        found.append(NotCompared("accuracy", accuracy.not_measured))
    return tuple(found)
