"""Causes that lie in the model's answers: their mix of classes, their agreement with the photos, their confidence."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring.judgement.causes import Cause, limited, of_photos, percent
from monitoring.judgement.looks import Looks

FEWEST = 20  # answered photos
SURE = 2.3  # standard errors
MIX_EXCESS = 0.08  # by which a class's share must differ beyond chance
AGREEMENT = 0.6  # of what right answers would have; below it, answers and photos do not agree
CONSISTENT = 0.79  # of answers to photos of the same thing
OPPOSED = -0.25  # agreement below which labels must be exchanged: even a model that guesses has 0
UNCERTAIN, UNCERTAIN_SHIFT = 0.4, 0.25  # certainty that is too low in itself, and a fall that is
REVIEWED, REVIEWED_SHIFT = 0.85, 0.25  # share for review that is too high in itself, and a rise that is


@dataclass(frozen=True)
class Agreement:
    """How far answers agree with what the photos look like.

    `value` is 1 if they agree as often as right answers do, 0 if as often as chance, -1 if the labels of two classes
    are exchanged; `error` is its standard error. `answered` and `looks` are shares of the classes, the second
    corrected for how often each class is recognised. `consistent` is the share of photos that show the same and have
    the same answer, with two standard errors added; 1 where hardly any photos show the same.
    """

    value: float
    error: float
    answered: np.ndarray
    looks: np.ndarray
    consistent: float

    @property
    def disagrees(self) -> bool:
        """Whether answers fit the photos less than right ones would, beyond chance."""
        return self.value + SURE * self.error < AGREEMENT and bool(np.isfinite(self.error))


def agreement(looks: Looks, predicted: pd.Series) -> Agreement | None:
    """The agreement of the answers to the looked-at photos; None if too few have one of the baseline's classes."""
    known = looks.reference
    answers = pd.Categorical(predicted, categories=list(known.classes)).codes
    has = answers >= 0
    if has.sum() < FEWEST or len(known.classes) < 2:
        return None
    seen = known.looks_like(looks.traits)[has]
    answers = answers[has]
    answered, looking = (np.bincount(each, minlength=len(known.classes)) / len(each) for each in (answers, seen))
    expected = float(answered @ np.diag(known.recognised))
    chance = float(answered @ looking)
    found = float((answers == seen).mean())
    independent = max(looks.different * has.mean(), 1)
    room = expected - chance
    error = np.sqrt(max(found * (1 - found), 0.05) / independent) / room if room > 0.05 else np.inf
    corrected = np.clip(np.linalg.pinv(known.recognised.T) @ looking, 0, 1)
    value = (found - chance) / room if room > 0.05 else 1.0
    return Agreement(value, float(error), answered, corrected, _consistent(looks.alike[np.ix_(has, has)], answers))


def _consistent(alike: NDArray[np.bool_], answers: NDArray[np.integer[Any]]) -> float:
    """How often the same thing has the same answer: a model that is right, or always wrong, does not waver."""
    pairs = alike & ~np.eye(len(alike), dtype=bool)
    partners = pairs.sum(axis=1)
    shown = partners > 0
    if shown.sum() < FEWEST:
        return 1.0
    same = (pairs & (answers[:, None] == answers)).sum(axis=1)[shown] / partners[shown]
    independent = shown.sum() ** 2 / alike[np.ix_(shown, shown)].sum()
    mean = float(same.mean())
    return min(1.0, mean + 2 * float(np.sqrt(mean * (1 - mean) / independent)))


def answer_causes(looks: Looks, predicted: pd.Series, confidence: pd.Series, photos: int, intact: bool) -> list[Cause]:
    """Causes of answers beside photos; `intact` says that the photos themselves look as they should."""
    found = agreement(looks, predicted)
    if found is None:
        return []
    independent = min(looks.different, 2 * FEWEST + len(predicted) / 4)
    shares = looks.reference.class_shares
    chance = np.sqrt(0.25 / independent)
    mix = float(np.abs(found.answered - shares).max())
    apart = float(np.abs(found.answered - found.looks).max())
    evidence = limited(
        {
            "agreement": found.value,
            "standard_error": found.error,
            "class_mix_apart": apart,
            "consistent": found.consistent,
        }
    )
    one_sided = apart > 0.2 + SURE * chance * 1.4  # answers and looks err independently
    if intact and (found.disagrees or one_sided or found.consistent < CONSISTENT):
        return [_disagreement(looks, found, confidence, photos, evidence, one_sided)]
    if mix > MIX_EXCESS + SURE * chance:
        return [_mix(looks, found, mix, photos)]
    return []


def _disagreement(
    looks: Looks, found: Agreement, confidence: pd.Series, photos: int, evidence: dict[str, float], one_sided: bool
) -> Cause:
    """A bad model if its mix of classes or its confidence gives it away; otherwise the labels were exchanged."""
    unsure = certainty(confidence, len(looks.reference.classes)) < UNCERTAIN
    guessing = one_sided or unsure
    if guessing and found.value > OPPOSED:
        share = float(np.clip(1 - max(found.value, 0), 0, 1))
        text = f"the model's answers do not fit the photos, which look as usual: about {of_photos(share, photos)}"
        return Cause("model_answers", text, share, evidence, serious=True, rank=1.5)
    share = float(np.clip((1 - found.value) / 2, 0, 1))
    text = f"labels do not agree with what the photos look like: about {of_photos(share, photos)}"
    return Cause("labels_disagree", text, share, evidence, serious=True, rank=1.5)


def _mix(looks: Looks, found: Agreement, mix: float, photos: int) -> Cause:
    classes, shares = looks.reference.classes, looks.reference.class_shares
    most = int(np.abs(found.answered - shares).argmax())
    text = (
        f"the mix of classes differs: {percent(float(found.answered[most]))} of {photos:,} photos are "
        f"{classes[most]}, in the baseline {percent(float(shares[most]))}"
    )
    evidence = limited(dict(zip(classes, found.answered.tolist(), strict=True)))
    return Cause("class_mix", text, mix, evidence, rank=0.4)


def certainty(confidence: pd.Series, classes: int) -> float:
    """Median confidence, from 0 (all classes alike) to 1 (certain)."""
    least = 1 / max(classes, 2)
    return float((confidence.median() - least) / (1 - least))


def confidence_causes(photos: pd.DataFrame, past: pd.DataFrame) -> list[Cause]:
    """Sinking confidence and a growing share for review, against the time before or, without it, in themselves."""
    now, before = photos.dropna(subset="confidence"), past.dropna(subset="confidence")
    if len(now) < FEWEST:
        return []
    classes = now["labels"].map(len).median()
    sure = certainty(now["confidence"], int(classes))
    review = float((now["decision"] == "low_confidence").mean())
    compared = len(before) >= 2 * FEWEST
    was_sure = certainty(before["confidence"], int(classes)) if compared else None
    was_review = float((before["decision"] == "low_confidence").mean()) if compared else None
    evidence = limited({"median_confidence": float(now["confidence"].median()), "for_review": review})
    then = f", {percent(was_review)} before" if was_review is not None else ""
    if sure < UNCERTAIN if was_sure is None else sure < was_sure - UNCERTAIN_SHIFT:
        text = (
            f"the model is unsure: its median confidence is {percent(float(now['confidence'].median()))}, "
            f"{of_photos(review, len(now))} are for review{then}"
        )
        return [Cause("unsure", text, review, evidence, serious=True, rank=0.9)]
    if review > REVIEWED if was_review is None else review > was_review + REVIEWED_SHIFT:
        text = f"more photos are for review: {of_photos(review, len(now))}{then}"
        return [Cause("review_share", text, review, evidence, rank=0.6)]
    return []
