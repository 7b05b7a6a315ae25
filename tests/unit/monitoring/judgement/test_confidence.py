"""How sure the model is, against the time before, its answers to the test photos, and in itself."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from monitoring.drift.baseline import Baseline, suggest_baseline
from monitoring.judgement.confidence import confidence_causes, usual_confidence


def answered(confidence: Any, count: int = 100, unknown: int = 0) -> pd.DataFrame:
    """Answers of two classes with the threshold 0.9, some of them of no known vehicle."""
    values = np.broadcast_to(np.asarray(confidence, float), count)
    decision = np.where(values >= 0.9, "accepted", "low_confidence").astype(object)
    decision[:unknown] = "not_a_known_vehicle"
    return pd.DataFrame({"confidence": values, "decision": decision, "labels": [("a", "b")] * count})


NOTHING = answered([], 0)


def baseline(answers: pd.DataFrame) -> Baseline:
    photos = pd.DataFrame({"brightness": [0.1, 0.9], "predicted": ["a", "b"]})
    return suggest_baseline(photos, answers[["confidence", "decision"]])


def named(now: pd.DataFrame, past: pd.DataFrame = NOTHING, known: Baseline | None = None) -> list[str]:
    return [cause.cause for cause in confidence_causes(now, usual_confidence(past, known))]


@pytest.mark.parametrize(("confidence", "causes"), [(0.98, []), (0.85, ["review_share"]), (0.6, ["unsure"])])
def test_without_anything_to_compare_with_only_a_collapse_is_seen(confidence: float, causes: list[str]) -> None:
    assert named(answered(confidence)) == causes
    assert named(answered(confidence, 19)) == []


def test_the_time_before_says_what_is_usual() -> None:
    (cause,) = confidence_causes(answered(0.8), usual_confidence(answered(0.99), None))
    assert (cause.cause, cause.share, cause.serious) == ("unsure", 1.0, True)
    assert cause.text.endswith("100 % of 100 photos are for review, 0 % before")
    assert named(answered(0.6), answered(0.65)) == []
    assert named(answered([0.95] * 60 + [0.89] * 40), answered(0.95)) == ["review_share"]


def test_the_test_photos_say_what_is_usual() -> None:
    usual = usual_confidence(NOTHING, baseline(answered(np.linspace(0.8, 1, 100), unknown=10)))
    assert usual is not None
    assert usual.median == pytest.approx(0.9, abs=0.01)
    assert (usual.review, usual.unknown) == (0.5, 0.1)
    assert named(answered(0.74), known=baseline(answered(0.97))) == ["unsure"]
    assert usual_confidence(NOTHING, baseline(NOTHING.astype({"confidence": float}))) is None


@pytest.mark.parametrize(("unknown", "causes"), [(15, []), (30, ["other_things"])])
def test_the_model_says_that_it_sees_other_things(unknown: int, causes: list[str]) -> None:
    assert named(answered(0.97, unknown=unknown)) == causes
