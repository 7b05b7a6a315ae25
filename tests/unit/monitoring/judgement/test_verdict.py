"""The verdict on small windows: its word, its headline, what is named first, and what was not compared."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from unit.monitoring.judgement.small import CLASSES, pictures, rows, small_reference, turns, window

from jobs.intervals import wilson_interval
from monitoring.captures.photos import frame
from monitoring.drift.baseline import Baseline
from monitoring.ground_truth.records import GroundTruth
from monitoring.judgement.eye import Eye
from monitoring.judgement.reference import Reference
from monitoring.judgement.verdict import NO_REFERENCE, References, Verdict, judge
from monitoring.judgement.window import Window
from monitoring.profiles.making import profile_of
from monitoring.profiles.profile import Counts
from monitoring.statistics.model_monitor import Constraints, Statistics
from monitoring.statistics.statistics import numerical_feature, string_feature

HOUR = timedelta(hours=1)
GOOD = pictures(turns(40))
DARK = (GOOD // 2).astype(np.uint8)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return small_reference()


def good(count: int = 40, **more: Any) -> Window:
    return window(rows(GOOD[:count], turns(count).tolist()), **more)


def causes(verdict: Verdict) -> list[str]:
    return [cause.cause for cause in verdict.causes]


def test_nothing_speaks_against_a_good_window(reference: Reference) -> None:
    past = profile_of(rows(GOOD, turns(40).tolist())).counts
    verdict = judge(good(past=past, volumes=(40, 40)), References(reference))
    assert (verdict.word, verdict.headline) == ("trust", "Trust: nothing speaks against it in 40 photos")
    document = verdict.document
    assert document.pop("accuracy")["not_measured"] == "no photo of the window has ground truth"
    assert document == {
        "verdict": "trust",
        "window": {"from": "2026-03-09T00:00:00Z", "to": "2026-03-09T01:00:00Z"},
        "records": 40,
        "since": None,
        "causes": [],
        "numbers": {"median_confidence": 0.97, "review_share": 0.0},
        "not_compared": [
            {"what": "upright", "why": "the answers do not say whether the model sees photos upright"},
            {"what": "accuracy", "why": "no photo of the window has ground truth"},
        ],
        "baseline": {"photos": 40, "classes": ["bicycle", "motorcycle"]},
    }


def test_serious_causes_forbid_trust(reference: Reference) -> None:
    verdict = judge(window(rows(DARK, turns(40).tolist())), References(reference))
    assert (verdict.word, causes(verdict)) == ("do_not_trust", ["dark"])
    assert verdict.headline == "Do not trust: pictures are darker than the baseline's: 98 % of 40 photos"
    assert verdict.document["since"] == "2026-03-09T00:00:00Z"
    assert [cause["cause"] for cause in verdict.document["causes"]] == ["dark"]


def test_twenty_photos_are_enough_to_compare_pictures(reference: Reference) -> None:
    assert causes(judge(window(rows(DARK[:20], turns(20).tolist())), References(reference))) == ["dark"]


def test_the_moment_when_pictures_changed_is_said(reference: Reference) -> None:
    verdict = judge(window(rows(np.concatenate([GOOD[:20], DARK[20:]]), turns(40).tolist())), References(reference))
    assert verdict.headline.startswith("Do not trust: pictures are darker than the baseline's since 00:20: ")
    assert verdict.document["since"] == "2026-03-09T00:20:00Z"


def test_other_causes_are_reasons_to_look(reference: Reference) -> None:
    verdict = judge(good(volumes=(400, 400)), References(reference))
    assert (verdict.word, causes(verdict)) == ("look", ["traffic"])
    assert verdict.headline.startswith("Have a look: traffic fell to 10 % of the days before: 40 photos")
    assert verdict.document["since"] == "2026-03-09T00:00:00Z"


def test_without_a_reference_one_cannot_tell() -> None:
    verdict = judge(good(), References())
    assert (verdict.word, verdict.headline) == ("cannot_tell", f"Cannot tell: {NO_REFERENCE}")
    assert verdict.document["baseline"] is None
    why = "nothing says whether the photos are like those on which confidence was calibrated"
    assert verdict.document["accuracy"]["not_estimated"] == why
    assert judge(good(), References(missing="it is older")).headline == "Cannot tell: it is older"


@pytest.mark.parametrize(
    ("count", "headline"),
    [
        (0, "Cannot tell: nothing was captured"),
        (1, "Cannot tell: 1 photo is too few to judge"),
        (19, "Cannot tell: 19 photos are too few to judge"),
        (20, "Do not trust: the model is unsure"),
    ],
)
def test_few_photos_are_too_few(count: int, headline: str, reference: Reference) -> None:
    found = judge(window(rows(GOOD[:count], turns(count).tolist(), confidence=0.6)), References(reference))
    assert found.headline.startswith(headline)
    gaps = [each["what"] for each in found.document["not_compared"]]
    assert ("everything" in gaps, "traffic" in gaps) == (count < 20, True)


def test_few_photos_are_measured_all_the_same(reference: Reference) -> None:
    found = rows(GOOD[:5], turns(5).tolist())
    verdict = judge(window(found), References(reference, truth=TRUTH), frame(found))
    assert verdict.word == "cannot_tell"
    assert verdict.document["accuracy"]["measured"]["right"] == 4
    assert verdict.document["baseline"] == {"photos": 40, "classes": ["bicycle", "motorcycle"]}


def test_what_was_not_compared_is_listed() -> None:
    verdict = judge(window(rows(GOOD, [None] * 40)), References(), None)
    assert verdict.document["not_compared"] == [
        {"what": "photos", "why": NO_REFERENCE},
        {"what": "traffic", "why": "fewer than two days before the window have captures"},
        {
            "what": "confidence",
            "why": "the baseline has no answers, and there are too few before the window; only a collapse is seen",
        },
        {"what": "answers", "why": "no answers were captured"},
        {"what": "accuracy", "why": "no photo of the window has ground truth"},
    ]
    assert verdict.document["numbers"] == {"median_confidence": None, "review_share": None}


def test_how_sure_the_model_was() -> None:
    found = rows(GOOD[:30], turns(30).tolist()) + rows(GOOD[30:], turns(10).tolist(), decision="low_confidence")
    assert judge(window(found), References()).document["numbers"] == {"median_confidence": 0.97, "review_share": 0.25}


def test_confidence_is_compared_with_the_time_before(reference: Reference) -> None:
    past = profile_of(rows(GOOD, turns(40).tolist())).counts
    unsure = window(rows(GOOD, turns(40).tolist(), confidence=0.8), past=past)
    assert causes(judge(unsure, References(reference))) == ["unsure"]
    assert causes(judge(replace(unsure, past=Counts()), References(reference))) == []


def test_or_with_what_was_answered_to_the_test_photos(reference: Reference) -> None:
    sure = numerical_feature("confidence", pd.Series(np.linspace(0.98, 1, 40)))
    features = (sure, string_feature("decision", pd.Series(["accepted"] * 40)))
    tested = Baseline(statistics=Statistics(features=features), constraints=Constraints())
    unsure = window(rows(GOOD, turns(40).tolist(), confidence=0.8))
    assert causes(judge(unsure, References(reference, tested))) == ["unsure"]


def test_what_a_model_does_with_changed_pictures_comes_behind_them(reference: Reference) -> None:
    """A model that sees too little light is unsure, and takes everything for a motorcycle."""
    found = window(rows(DARK, [1] * 40, confidence=0.55), volumes=(400, 400))
    assert causes(judge(found, References(reference))) == ["dark", "traffic", "unsure", "class_mix"]
    intact = window(rows(GOOD, turns(40).tolist(), confidence=0.55), volumes=(400, 400))
    assert causes(judge(intact, References(reference))) == ["unsure", "traffic"]


def test_more_photos_for_review_come_behind_slightly_darker_ones(reference: Reference) -> None:
    slight = replace(reference, shifts=10 * reference.shifts)
    found = rows(DARK, [*turns(30).tolist(), *[None] * 10], decision="low_confidence")
    assert causes(judge(window(found), References(slight))) == ["no_answers", "dark", "review_share"]


def test_photos_that_the_model_sees_turned_are_turned(reference: Reference) -> None:
    """The pictures show nothing, as this reference knows no turn by their looks; the model sees 30 of 40 turned."""
    known = replace(reference, causes=("turned",), shifts=np.array([[0, 0.1, 0]]), eye=np.array([200, 0.08, 0.96]))
    found = rows(GOOD, turns(40).tolist(), upright=0.02)
    for row in found[:10]:
        row["upright"] = 0.98
    verdict = judge(window(found), References(known))
    assert (verdict.word, causes(verdict)) == ("do_not_trust", ["turned"])
    cause = verdict.causes[0]
    assert cause.text.endswith("; 75 % of 40 photos are seen turned by the model, 8 % of the test photos")
    assert (cause.evidence["seen_turned"], cause.evidence["usually_seen_turned"]) == (0.75, 0.08)
    assert cause.share == pytest.approx((0.75 - 0.08) / (0.96 - 0.08), abs=0.01)
    assert set(cause.shown) <= set(range(10, 40))
    assert "upright" not in [each.what for each in verdict.not_compared]
    assert causes(judge(window(rows(GOOD, turns(40).tolist(), upright=0.98)), References(known))) == []
    assert causes(judge(window(found), References(replace(known, eye=np.zeros(0))))) == []


def test_the_verdict_has_what_the_model_sees_and_what_each_photo_is_worth(reference: Reference) -> None:
    known = replace(reference, eye=np.array([200, 0.08, 0.96]))
    twice = window(rows(np.concatenate([GOOD[:20]] * 2), turns(40).tolist(), upright=0.02))
    assert judge(twice, References(known)).eye == Eye(40, 40, 200, 0.08, 0.96, worth=0.5)
    assert judge(good(), References(known)).eye is None


def test_two_signs_of_other_things_are_one_cause(reference: Reference) -> None:
    pixels = (pictures(turns(60)) // 2 + 127).astype(np.uint8)
    found = rows(pixels, turns(60).tolist(), confidence=0.1, other=0.8, decision="not_a_known_vehicle")
    verdict = judge(window(found), References(reference))
    assert causes(verdict) == ["other_things", "unsure"]
    assert verdict.causes[0].text.startswith("pictures show other things than the classes, or changed")


def test_answers_are_held_against_intact_pictures_only(reference: Reference) -> None:
    wrong = (1 - turns(40)).tolist()
    assert causes(judge(window(rows(GOOD, wrong)), References(reference))) == ["labels_disagree"]
    assert causes(judge(window(rows(DARK, wrong)), References(reference))) == ["dark"]


def test_a_model_that_is_not_sure_of_wrong_answers_guesses(reference: Reference) -> None:
    guesses = (np.arange(40) // 2 % 2).tolist()
    assert causes(judge(window(rows(GOOD, guesses)), References(reference))) == ["labels_disagree"]
    assert causes(judge(window(rows(GOOD, guesses, confidence=0.55)), References(reference)))[0] == "model_answers"


TRUTH = GroundTruth({f"9-{number}": (CLASSES[number % 2 if number else 1],) for number in range(60)})


def interval(found: list[dict[str, Any]], known: Reference | None) -> tuple[float, float]:
    """The interval of the measured accuracy of a window."""
    measured = judge(window(found), References(known, truth=TRUTH), frame(found)).accuracy.measured
    assert measured is not None
    return measured.all.low, measured.all.high


def test_photos_of_the_same_thing_count_together(reference: Reference) -> None:
    """The first of 40 answers is wrong; intervals are those of the 40, 20 or 10 photos that show different things."""
    again = np.concatenate([GOOD[:20]] * 2)
    alike = np.concatenate([GOOD[:20], GOOD[:20] + 2])
    assert interval(rows(GOOD, turns(40).tolist()), reference) == wilson_interval(39 / 40, 40)
    assert interval(rows(again, turns(40).tolist()), reference) == wilson_interval(39 / 40, 20)
    assert interval(rows(alike, turns(40).tolist()), reference) == wilson_interval(39 / 40, 20)
    assert interval(rows(alike, turns(40).tolist()), None) == wilson_interval(39 / 40, 40)
    both = np.concatenate([GOOD[:10], GOOD[:10] + 2] * 2)
    assert interval(rows(both, turns(40).tolist()), reference) == wilson_interval(39 / 40, 10)


def test_answers_without_captured_photos_count_each(reference: Reference) -> None:
    found = [{**row, "image_digest": None} for row in rows(GOOD, turns(40).tolist())]
    for row in found:
        del row["seen"]
    assert interval(found, reference) == wilson_interval(39 / 40, 40)


def test_ground_truth_of_other_windows_does_not_count(reference: Reference) -> None:
    found = rows(GOOD, turns(40).tolist())
    later = [{**row, "event_id": f"9-{40 + place}", "time": row["time"] + HOUR} for place, row in enumerate(found[:5])]
    verdict = judge(window(found), References(reference, truth=TRUTH), frame(found + later))
    assert verdict.document["accuracy"]["measured"]["photos"] == 40
