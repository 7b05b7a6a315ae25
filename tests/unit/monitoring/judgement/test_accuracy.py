"""Accuracy by ground truth and by confidence, and what each has to say to the verdict."""

import json
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
from profiled import counts_of
from unit.monitoring.judgement.small import pictures, rows, small_reference, turns, window

from monitoring.captures.photos import frame
from monitoring.drift.baseline import Baseline
from monitoring.features.pixels import Pixels
from monitoring.ground_truth.records import GroundTruth
from monitoring.judgement.accuracy import Calibration, Estimate, calibration_of, estimate, measured_accuracy, with_truth
from monitoring.judgement.causes import Cause
from monitoring.judgement.reference import Reference
from monitoring.judgement.verdict import References, Verdict, judge
from monitoring.profiles.numbers import Numbers, numbers_of
from monitoring.statistics.model_monitor import Constraints, Statistics
from monitoring.statistics.statistics import numerical_feature

SCHEMA = json.loads((Path(__file__).parents[4] / "docs" / "verdict.schema.json").read_text())


def statistics(right: float, gap: float, photos: int = 200) -> Baseline:
    """What EvaluateModel's test photos leave in the baseline."""
    values = np.where(np.arange(photos) < photos * right, 0.1, -0.9)
    feature = numerical_feature("calibration_gap", pd.Series(values - values.mean() + gap))
    return Baseline(statistics=Statistics(features=(feature,)), constraints=Constraints())


def truth_of(labels: np.ndarray, wrong: int = 0) -> GroundTruth:
    """The actual classes of the captures of day 9, the first ones of which are exchanged."""
    names = ("bicycle", "motorcycle")
    actual = np.where(np.arange(len(labels)) < wrong, 1 - labels, labels)
    return GroundTruth({f"9-{number}": (names[label],) for number, label in enumerate(actual)})


LABELS = turns(60)
GOOD = pictures(LABELS)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return small_reference()


def said(references: References, answers: np.ndarray = LABELS, pixels: Pixels = GOOD) -> Verdict:
    found = rows(pixels[: len(answers)], answers.tolist())
    verdict = judge(window(found), references, frame(found))
    jsonschema.validate(json.loads(json.dumps(verdict.document, allow_nan=False)), SCHEMA)
    return verdict


def test_a_good_window_is_measured_and_estimated(reference: Reference) -> None:
    verdict = said(References(reference, statistics(0.95, 0.0), truth_of(LABELS, wrong=3)))
    assert verdict.word == "trust"
    accuracy = verdict.document["accuracy"]
    counted = {name: accuracy["measured"][name] for name in ("right", "photos", "pending", "representative")}
    assert counted == {"right": 57, "photos": 60, "pending": 0, "representative": True}
    assert accuracy["measured"]["other_names"] == {}
    assert accuracy["estimated"]["share"] == pytest.approx(0.97)
    assert accuracy["estimated"]["low"] < 0.94 < 0.98 < accuracy["estimated"]["high"]
    assert "accuracy" not in [each["what"] for each in verdict.document["not_compared"]]


def test_wrong_answers_are_seen_although_everything_looks_well(reference: Reference) -> None:
    verdict = said(References(reference, statistics(0.95, 0.0), truth_of(LABELS, wrong=30)))
    assert (verdict.word, verdict.causes[0].cause) == ("do_not_trust", "labels_disagree")
    assert verdict.causes[0].text == (
        "answers do not agree with the ground truth: 50 % of 60 photos are right, "
        "where the model's confidence promises 97 %"
    )
    assert verdict.accuracy.estimated is None
    assert "do not agree" in verdict.accuracy.not_estimated


def test_the_truth_supports_what_photos_and_answers_say(reference: Reference) -> None:
    verdict = said(References(reference, None, truth_of(LABELS)), answers=1 - LABELS)
    assert [each.cause for each in verdict.causes] == ["labels_disagree"]
    assert verdict.causes[0].evidence["accuracy"] == 0


def test_the_truth_refutes_what_photos_and_answers_say(reference: Reference) -> None:
    """Photos that look like the other class, and are not: only a person can know."""
    assert said(References(reference, None, truth_of(1 - LABELS)), answers=1 - LABELS).word == "trust"


def test_photos_for_review_are_no_fair_sample() -> None:
    """People looked at the unsure ones alone; that half of these are wrong is what their confidence promises."""
    photos = pd.DataFrame(
        {
            "event_id": [f"9-{number}" for number in range(120)],
            "inference_id": None,
            "labels": [("bicycle", "motorcycle")] * 120,
            "predicted": "bicycle",
            "confidence": [0.55] * 40 + [0.97] * 80,
            "other": np.nan,
            "decision": ["low_confidence"] * 40 + ["accepted"] * 80,
        }
    )
    labelled = photos[:40].assign(position=0)
    accuracy, joined = measured_accuracy(labelled, counts_of(photos), truth_of(np.arange(40) % 2), worth=1.0)
    assert accuracy.measured is not None
    assert (accuracy.measured.all.value, accuracy.pending, accuracy.representative) == (0.5, 80, False)
    assert with_truth([], accuracy, joined) == []


@pytest.mark.parametrize(
    ("truth", "why"),
    [
        (None, "there is no ground truth"),
        (GroundTruth(), "there is no ground truth"),
        (
            GroundTruth({"elsewhere": ("bicycle",)}),
            "the ground truth is about other photos than those of the window",
        ),
    ],
)
def test_no_ground_truth_is_a_state_of_its_own(truth: GroundTruth | None, why: str, reference: Reference) -> None:
    document = said(References(reference, None, truth), answers=LABELS[:40]).document
    assert (document["accuracy"]["measured"], document["accuracy"]["not_measured"]) == (None, why)
    assert {"what": "accuracy", "why": why} in document["not_compared"]


def test_no_estimate_while_photos_show_something_else(reference: Reference) -> None:
    accuracy = said(References(reference, statistics(0.95, 0.0)), pixels=GOOD // 2).accuracy
    assert accuracy.estimated is None
    assert accuracy.not_estimated.startswith("confidence cannot be believed while pictures are darker")


def test_an_empty_window_has_a_document(reference: Reference) -> None:
    document = said(References(reference), answers=LABELS[:0]).document
    assert document["accuracy"]["not_estimated"] == "there are too few photos"


def answered(count: int, confidence: float = 0.9) -> Numbers:
    return numbers_of([confidence] * count)


SURE = Calibration(gap=0.0, error=0.0)


def test_the_estimate_is_the_mean_of_what_is_believed() -> None:
    unknown = {"confidence": [0.1] * 10, "other": 0.7, "decision": "not_a_known_vehicle"}
    known = {"confidence": [0.9] * 90, "other": 0.05, "decision": "accepted"}
    photos = counts_of(pd.concat([pd.DataFrame(unknown), pd.DataFrame(known)], ignore_index=True))
    found = estimate(photos.numbers["believed"], [], SURE, judged=True, worth=1.0)
    assert isinstance(found, Estimate)
    assert found.share == pytest.approx(0.88)
    reach = 1.959964 * np.sqrt((0.9 * 0.09 + 0.1 * 0.21) / 100)
    assert (found.low, found.high) == pytest.approx((0.88 - reach, 0.88 + reach))


def test_the_band_has_the_calibrations_uncertainty_and_what_the_test_photos_lacked() -> None:
    exact, doubtful = (
        estimate(answered(100), [], calibration, judged=True, worth=1.0)
        for calibration in (SURE, Calibration(gap=-0.05, error=0.02))
    )
    assert isinstance(exact, Estimate)
    assert isinstance(doubtful, Estimate)
    assert doubtful.share == exact.share
    assert doubtful.low < exact.low - 0.05
    assert exact.high < doubtful.high < exact.high + 0.02


@pytest.mark.parametrize(
    ("photos", "causes", "calibration", "judged", "why"),
    [
        (answered(19), [], SURE, True, "fewer than 20 photos"),
        (answered(50), [Cause("other_things", "pictures show other things", 0.1)], SURE, True, "other things"),
        (answered(50), [Cause("no_answers", "requests have no answer", 0.3, serious=True)], SURE, True, "no answer"),
        (answered(50), [], SURE, False, "nothing says whether the photos"),
        (answered(50), [], None, True, "the baseline does not say"),
    ],
)
def test_silence_has_a_reason(
    photos: Numbers, causes: list[Cause], calibration: Calibration | None, judged: bool, why: str
) -> None:
    found = estimate(photos, causes, calibration, judged, 1.0)
    assert isinstance(found, str)
    assert why in found


def test_harmless_causes_leave_the_estimate() -> None:
    assert isinstance(
        estimate(answered(50), [Cause("traffic", "traffic fell", 0.5)], SURE, judged=True, worth=1.0), Estimate
    )


def test_the_calibration_comes_from_the_test_photos() -> None:
    found = calibration_of(statistics(0.9, -0.02, photos=400))
    assert found is not None
    assert (found.gap, found.error) == pytest.approx((-0.02, 0.3 / 20))
    assert calibration_of(None) is None
    assert calibration_of(statistics(0.9, 0, photos=10)) is None
