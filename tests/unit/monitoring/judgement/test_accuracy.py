"""Accuracy by ground truth and by confidence, and what each has to say to the verdict."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
from profiled import counts_of
from unit.monitoring.judgement.small import pictures, rows, small_reference, statistics, turns, window

from monitoring.captures.files import Problem
from monitoring.captures.photos import frame
from monitoring.features.pixels import Pixels
from monitoring.ground_truth.joining import Joined
from monitoring.ground_truth.measured import Measured, Share
from monitoring.ground_truth.records import GroundTruth
from monitoring.judgement.accuracy import (
    Accuracy,
    measured_accuracy,
    with_truth,
)
from monitoring.judgement.causes import Cause
from monitoring.judgement.reference import Reference
from monitoring.judgement.verdict import References, Verdict, judge
from monitoring.profiles.making import profile_of

SCHEMA = json.loads((Path(__file__).parents[4] / "docs" / "verdict.schema.json").read_text())


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


def test_without_labelled_photos_nothing_is_measured() -> None:
    counts = counts_of(frame(rows(GOOD[:1], [0])))
    assert measured_accuracy(None, counts, truth_of(LABELS), worth=1.0) == (Accuracy(), None)


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


def test_three_of_twenty_photos_without_review_are_not_far_from_none() -> None:
    """Photos for review are as frequent among those with ground truth as among all, but for 15 of 100."""
    found = rows(GOOD[:3], [0] * 3) + rows(GOOD[3:20], [0] * 17, decision="low_confidence")
    counts = profile_of(found).counts
    accuracy, _ = measured_accuracy(frame(found[3:4]), counts, GroundTruth({"9-0": ("truck",)}), worth=1.0)
    assert (accuracy.pending, accuracy.representative, accuracy.named) == (19, True, {"truck": 1})
    assert accuracy.document["measured"]["other_names"] == {"truck": 1}


def known(low: float, high: float, promised: float = 0.75) -> tuple[Accuracy, Joined]:
    """Half of ten photos were right, in an interval, where the confidence promises another share."""
    measured = Measured(all=Share(5, 10, low, high), decided=None, classes={}, confusion={})
    return Accuracy(measured=measured), Joined(pd.DataFrame({"believed": [promised] * 10}), {}, 0)


DARK = Cause("dark", "pictures are darker", 0.98, serious=True, rank=1.98)
DISAGREE = Cause("labels_disagree", "labels do not agree", 0.5, {"agreement": 0.0}, serious=True, rank=1.5)
MEASURED = {"accuracy": 0.5, "accuracy_low": 0.4, "accuracy_high": 0.6, "photos_with_ground_truth": 10}


def test_other_causes_stay_as_they_are() -> None:
    assert with_truth([DARK], *known(0.4, 0.7)) == [DARK]


def test_the_truth_is_evidence_of_wrong_answers_unless_it_refutes_them() -> None:
    """Half the answers are said to be wrong: an interval that begins above one half says that they are not."""
    supported = replace(DISAGREE, evidence={"agreement": 0.0, **MEASURED})
    assert with_truth([DARK, DISAGREE], *known(0.4, 0.6)) == [DARK, supported]
    assert with_truth([DARK, DISAGREE], *known(0.51, 0.8)) == [DARK]
    (kept,) = with_truth([DISAGREE], *known(0.5, 0.8))
    assert kept.evidence["accuracy_low"] == 0.5


def test_fewer_right_answers_than_promised_are_a_cause_of_their_own() -> None:
    text = (
        "answers do not agree with the ground truth: 50 % of 10 photos are right, "
        "where the model's confidence promises 75 %"
    )
    evidence = {**MEASURED, "promised": 0.75}
    serious = Cause("labels_disagree", text, 0.5, {**evidence, "accuracy_high": 0.59}, serious=True, rank=1.2)
    assert with_truth([DARK], *known(0.4, 0.59)) == [DARK, serious]
    assert with_truth([], *known(0.4, 0.6)) == [Cause("labels_disagree", text, 0.5, evidence, rank=0.85)]
    assert with_truth([], *known(0.4, 0.75 - 0.05)) == []


@pytest.mark.parametrize(
    "truth",
    [
        None,
        GroundTruth(),
        GroundTruth({"elsewhere": ("bicycle",)}),
        GroundTruth(problems=[Problem("x.jsonl", 1, "Invalid JSON")]),
    ],
)
def test_no_ground_truth_is_a_state_of_its_own(truth: GroundTruth | None, reference: Reference) -> None:
    """The reason is the same for all of these, for ground truth on other photos is not even downloaded."""
    why = "no photo of the window has ground truth"
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
