"""Causes in the model's answers: whether they agree with how the photos look, and their mix of classes."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring.judgement.causes import Cause, limited, of_photos, percent
from monitoring.judgement.confidence import UNCERTAIN, certainty
from monitoring.judgement.looks import Looks, highest

FEWEST = 20  # answered photos
SURE = 2.3  # standard errors
MIX_SURE = 2.0  # standard errors, on top of the excess
MIX_EXCESS = 0.08  # by which a class's share must differ beyond chance
AGREEMENT = 0.7  # below this, answers and photos do not agree; right answers have 1
CONSISTENT = 0.83  # share of photos of the same thing that must have the same answer
OPPOSED = -0.25  # agreement below which labels must be exchanged: even a model that guesses has 0


@dataclass(frozen=True)
class Agreement:
    """How far answers agree with what the photos look like.

    `value` is 1 if they agree as often as right answers do, 0 if only as often as by chance, and -1 if the labels of
    two classes are exchanged; `error` is its standard error. `answered` is each class's share of the answers, `looks`
    its share by the looks of the photos, corrected for how often each class is recognised. `consistent` is how often
    photos of the same thing have the same answer, plus two standard errors; 1 if hardly any show the same thing.
    """

    value: float
    error: float
    answered: np.ndarray
    looks: np.ndarray
    consistent: float

    @property
    def disagrees(self) -> bool:
        """Whether answers agree with the photos less than right ones would, beyond chance."""
        return self.value + SURE * self.error < AGREEMENT and bool(np.isfinite(self.error))


def agreement(looks: Looks, predicted: pd.Series) -> Agreement | None:
    """The agreement of the answers with the photos; None if too few answers are one of the baseline's classes."""
    known = looks.reference
    answers = pd.Index(known.classes).get_indexer(pd.Index(predicted))
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
    """How often the same thing has the same answer. A model that is always right, or always wrong, does not waver."""
    pairs = alike & ~np.eye(len(alike), dtype=bool)
    partners = pairs.sum(axis=1)
    shown = partners > 0
    if shown.sum() < FEWEST:
        return 1.0
    same = (pairs & (answers[:, None] == answers)).sum(axis=1)[shown] / partners[shown]
    independent = shown.sum() ** 2 / alike[shown].sum()
    mean = float(same.mean())
    return min(1.0, mean + 2 * float(np.sqrt(mean * (1 - mean) / independent)))


def answer_causes(looks: Looks, predicted: pd.Series, confidence: pd.Series, photos: int, intact: bool) -> list[Cause]:
    """Causes in the answers to photos; `intact` says that the photos themselves look as usual."""
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
        cause = _disagreement(looks, found, confidence, photos, evidence, one_sided)
        return [replace(cause, shown=_opposed(looks, predicted))]
    if mix > MIX_EXCESS + MIX_SURE * chance:
        return [_mix(looks, found, mix, photos)]
    return []


def _opposed(looks: Looks, predicted: pd.Series) -> tuple[int, ...]:
    """The photos that look most like another class than that of their answer."""
    classes = list(looks.reference.classes)
    codes = pd.Index(classes).get_indexer(pd.Index(predicted))
    scores = looks.traits[:, -len(classes) :]
    beyond = scores.max(axis=1) - scores[np.arange(len(scores)), codes]
    return tuple(place for place in highest(beyond) if codes[place] >= 0 and beyond[place] > 0)


def _disagreement(
    looks: Looks, found: Agreement, confidence: pd.Series, photos: int, evidence: dict[str, float], one_sided: bool
) -> Cause:
    """Blames the model if its mix of classes or its low confidence shows that it guesses; otherwise the labels."""
    unsure = certainty(float(confidence.quantile(0.25)), len(looks.reference.classes)) < UNCERTAIN
    guessing = one_sided or unsure
    if guessing and found.value > OPPOSED:
        share = float(np.clip(1 - found.value, 0, 1))
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
