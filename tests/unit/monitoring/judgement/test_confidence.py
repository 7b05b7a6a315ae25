"""How sure the model is, against the time before, its answers to the test photos, and in itself."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from profiled import counts_of

from monitoring.drift.baseline import Baseline, suggest_baseline
from monitoring.judgement.confidence import Confidence, certainty, confidence_causes, usual_confidence
from monitoring.profiles.profile import Counts


def answered(confidence: Any, count: int = 100, unknown: int = 0) -> pd.DataFrame:
    """Answers of two classes with the threshold 0.9, some of them of no known vehicle."""
    values = np.broadcast_to(np.asarray(confidence, float), count)
    decision = np.where(values >= 0.9, "accepted", "low_confidence").astype(object)
    decision[:unknown] = "not_a_known_vehicle"
    return pd.DataFrame({"confidence": values, "decision": decision, "labels": [("a", "b")] * count})


def counted(confidence: Any, count: int = 100, unknown: int = 0) -> Counts:
    return counts_of(answered(confidence, count, unknown))


NOTHING = answered([], 0)


def baseline(answers: pd.DataFrame) -> Baseline:
    photos = pd.DataFrame({"brightness": [0.1, 0.9], "predicted": ["a", "b"]})
    return suggest_baseline(photos, answers[["confidence", "decision"]])


def named(now: pd.DataFrame, past: pd.DataFrame = NOTHING, known: Baseline | None = None) -> list[str]:
    return [cause.cause for cause in confidence_causes(counts_of(now), usual_confidence(counts_of(past), known))]


@pytest.mark.parametrize(("confidence", "causes"), [(0.98, []), (0.85, ["review_share"]), (0.6, ["unsure"])])
def test_without_anything_to_compare_with_only_a_collapse_is_seen(confidence: float, causes: list[str]) -> None:
    assert named(answered(confidence)) == causes
    assert named(answered(confidence, 19)) == []
    assert named(answered(confidence, 20)) == causes


def test_the_time_before_says_what_is_usual() -> None:
    (cause,) = confidence_causes(counted(0.8), usual_confidence(counted(0.99), None))
    assert (cause.cause, cause.share, cause.serious) == ("unsure", 1.0, True)
    assert cause.text.endswith("100 % of 100 photos are for review, 0 % before")
    assert named(answered(0.6), answered(0.65)) == []
    assert named(answered([0.95] * 60 + [0.89] * 40), answered(0.95)) == ["review_share"]


def test_the_test_photos_say_what_is_usual() -> None:
    usual = usual_confidence(counts_of(NOTHING), baseline(answered(np.linspace(0.8, 1, 100), unknown=10)))
    assert usual is not None
    assert usual.median == pytest.approx(0.9, abs=1e-6)
    assert (usual.review, usual.unknown) == (0.5, 0.1)
    assert named(answered(0.74), known=baseline(answered(0.97))) == ["unsure"]
    assert usual_confidence(counts_of(NOTHING), baseline(NOTHING.astype({"confidence": float}))) is None


@pytest.mark.parametrize(("unknown", "causes"), [(15, []), (30, ["other_things"])])
def test_the_model_says_that_it_sees_other_things(unknown: int, causes: list[str]) -> None:
    assert named(answered(0.97, unknown=unknown)) == causes


def sure(median: float, review: float = 0.0, unknown: float = 0.0) -> Confidence:
    return Confidence(median, review, unknown, "before")


def test_how_far_confidence_may_fall() -> None:
    """Of two classes, a median of 0.8 is a certainty of 0.6; a quarter less is 0.35, a median of 0.675."""
    assert [cause.cause for cause in confidence_causes(counted(0.68), sure(0.8, 1.0))] == []
    assert [cause.cause for cause in confidence_causes(counted(0.67), sure(0.8, 1.0))] == ["unsure"]
    assert certainty(0.8, 2) == pytest.approx(0.6)
    assert certainty(0.25, 4) == 0
    assert certainty(0.5, 1) == 0  # one class is no choice, and is counted as two


def test_alone_a_certainty_of_two_fifths_is_too_low() -> None:
    assert named(answered(0.69)) == ["unsure"]
    assert named(answered(0.71)) == ["review_share"]
    assert named(answered([0.95] * 15 + [0.89] * 85)) == []
    assert named(answered([0.95] * 14 + [0.89] * 86)) == ["review_share"]


def test_how_far_the_share_for_review_may_rise() -> None:
    (cause,) = confidence_causes(counted([0.95] * 64 + [0.89] * 36), sure(0.95, 0.1))
    assert cause.text == "more photos are for review: 36 % of 100 photos, 10 % before"
    assert (cause.cause, cause.share, cause.serious, cause.rank) == ("review_share", 0.36, False, 0.6)
    assert cause.evidence == {"median_confidence": 0.95, "for_review": 0.36}
    assert confidence_causes(counted([0.95] * 65 + [0.89] * 35), sure(0.95, 0.1)) == []


def test_what_unsure_says() -> None:
    (cause,) = confidence_causes(counted(0.6), None)
    assert cause.text == "the model is unsure: its median confidence is 60 %, 100 % of 100 photos are for review"
    assert (cause.rank, cause.evidence) == (0.9, {"median_confidence": 0.6, "for_review": 1.0})


def test_what_is_said_of_other_things() -> None:
    for unknown, serious in ((30, False), (40, True)):
        (cause,) = confidence_causes(counted(0.97, unknown=unknown), sure(0.97, 0.3, 0.1))
        assert cause.text == f"the model finds none of the classes in {unknown} % of 100 photos"
        assert (cause.share, cause.serious) == (unknown / 100, serious)
        assert (cause.rank, cause.evidence) == (pytest.approx(0.95 + unknown / 100), {"usual": 0.1})
    assert confidence_causes(counted(0.97, unknown=24), sure(0.97, 0.3, 0.1)) == []
    assert named(answered(0.97, unknown=19)) == []
    assert named(answered(0.97, unknown=20)) == ["other_things"]


def test_other_things_come_first() -> None:
    assert named(answered(0.6, unknown=50)) == ["other_things", "unsure"]
    assert [cause.cause for cause in confidence_causes(counted(0.97, unknown=50), sure(0.97))] == [
        "other_things",
        "review_share",
    ]


def test_forty_photos_before_say_what_is_usual() -> None:
    usual = usual_confidence(counted(0.8, 40), baseline(answered(0.97)))
    assert usual == Confidence(0.8, 1.0, 0.0, "before")
    assert usual_confidence(counted(0.8, 39), None) is None
    known = usual_confidence(counted(0.8, 39), baseline(answered(0.97)))
    assert known is not None
    assert known.source == "of the test photos"


def test_what_is_usual_by_test_photos_of_which_some_things_are_missing() -> None:
    """Half of the photos lie within the first bucket, from 0.5 to 0.55; none was accepted, and none unknown."""
    values = [0.5] * 90 + list(np.linspace(0.56, 1, 10))
    usual = usual_confidence(counts_of(NOTHING), baseline(answered(values).assign(decision="low_confidence")))
    assert usual is not None
    assert usual.median == pytest.approx(0.5 + 0.05 * 50 / 90)
    assert (usual.review, usual.unknown) == (1, 0)
    silent = answered(0.97).assign(confidence=np.nan)
    assert usual_confidence(counts_of(NOTHING), baseline(silent)) is None
    photos = pd.DataFrame({"brightness": [0.1, 0.9], "predicted": ["a", "b"]})
    assert usual_confidence(counts_of(NOTHING), suggest_baseline(photos, answered(0.97)[["confidence"]])) is None


def test_whatever_else_is_missing_does_not_matter() -> None:
    now, past = (answered(value).assign(inference_id=None) for value in (0.6, 0.99))
    assert named(now, past) == ["unsure"]


def test_photos_without_an_answer_say_nothing() -> None:
    silent = counts_of(answered(0.5, 100).assign(confidence=np.nan, decision=None))
    assert usual_confidence(silent, None) is None
    assert confidence_causes(silent, None) == []
