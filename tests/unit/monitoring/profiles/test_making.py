"""What is counted and kept of rows, worked out by hand."""

from datetime import timedelta

import pytest
from unit.monitoring.profiles.half_hours import NAMES, TEN, answered, looked_at, row

from monitoring.captures.files import Problem
from monitoring.profiles.making import profile_of, profiles_by_hour
from monitoring.profiles.profile import ClassNames, Counts
from monitoring.summaries import measured, timeline
from monitoring.summaries.measured import Measured
from monitoring.summaries.numbers import numbers_of
from monitoring.summaries.problems import Problems
from monitoring.summaries.timeline import Timeline, timeline_of

ROWS = [
    answered(0, "bicycle", 0.95, width=32, height=48, upright=0.02),
    answered(1, "bicycle", 0.6, "low_confidence", other=0.3, inference_id="photo-1"),
    answered(2, "motorcycle", 0.1, "not_a_known_vehicle", other=0.8),
    row(3, status="unreadable", reason="no image"),
    answered(4, "motorcycle", 0.99, image_digest=None, content_type=None, labels=("car", "motorcycle"), synthetic=True),
]


def test_photos_are_counted() -> None:
    found = profile_of(ROWS, duplicates=2).counts
    assert (found.photos, found.duplicates, found.asked, found.unanswered, found.synthetic) == (5, 2, 4, 1, True)
    assert found.measured.level == 0
    assert (found.first, found.last) == (TEN, TEN + timedelta(hours=2))
    assert found.answered == 4
    assert found.unreadable == 1
    assert (found.decided("accepted"), found.decided("undecided"), found.decided("unheard_of")) == (2, 1, 0)
    real = profile_of(ROWS[:4]).counts
    assert (real.synthetic, real.duplicates) == (False, 0)


def test_photos_are_counted_by_hour_and_class_and_decision() -> None:
    found = profile_of(ROWS).counts
    assert found.hours == {
        "2026-03-01T10Z": {"accepted": 1, "low_confidence": 1},
        "2026-03-01T11Z": {"not_a_known_vehicle": 1, "undecided": 1},
        "2026-03-01T12Z": {"accepted": 1},
    }
    assert found.classes == {
        "bicycle": {"accepted": 1, "low_confidence": 1},
        "motorcycle": {"not_a_known_vehicle": 1, "accepted": 1},
    }
    seconds = TEN.timestamp()
    assert found.timeline == timeline_of(
        [
            ("accepted", int(seconds)),
            ("low_confidence", int(seconds) + 1800),
            ("not_a_known_vehicle", int(seconds) + 3600),
            ("undecided", int(seconds) + 5400),
            ("accepted", int(seconds) + 7200),
        ]
    )


def test_numbers_and_texts_are_described() -> None:
    found = profile_of(ROWS).counts
    assert found.numbers == {
        "confidence": numbers_of([0.95, 0.6, 0.1, 0.99]),
        "other": numbers_of([0.3, 0.8]),
        "upright": numbers_of([0.02]),
        "believed": numbers_of([0.95, 0.6, 0.8, 0.99]),  # of none of the classes, where that is what it says
        "threshold": numbers_of([0.9] * 4),
        "width": numbers_of([32], "pixels"),
        "height": numbers_of([48], "pixels"),
    }
    assert found.texts == {
        "predicted": {"bicycle": 2, "motorcycle": 2},
        "decision": {"accepted": 2, "low_confidence": 1, "not_a_known_vehicle": 1},
        "status": {"ok": 4, "unreadable": 1},
        "content_type": {"image/png": 4},
        "model_version": {"train-1": 4},
    }
    assert found.confidence == {
        "accepted": numbers_of([0.95, 0.99]),
        "low_confidence": numbers_of([0.6]),
        "not_a_known_vehicle": numbers_of([0.1]),
    }
    assert found.thresholds == {0.9: 4}
    assert (profile_of(ROWS[3:]) + profile_of(ROWS[:3])).counts.labels == found.labels
    assert found.labels == (
        ClassNames(NAMES, TEN, 3),
        ClassNames(("car", "motorcycle"), TEN + timedelta(hours=2), 1),
    )


def test_columns_are_found_by_name() -> None:
    found = profile_of(ROWS).counts
    assert found.column("confidence") == found.numbers["confidence"]
    assert found.column("predicted") is None
    assert {name: found.present(name) for name in ("confidence", "width", "model_version", "weight")} == {
        "confidence": 4,
        "width": 1,
        "model_version": 4,
        "weight": 0,
    }
    assert list(profile_of(ROWS[::-1]).counts.tally("predicted")) == ["bicycle", "motorcycle"]
    assert found.tally("weight") == {}
    assert found.present("brightness") == 0  # no image was looked at


def test_problems_are_of_lines_files_and_images() -> None:
    lines = [Problem("y.jsonl", 7, "the answer is none"), Problem("y.jsonl", 8, "no JSON")]
    problems = [*lines, Problem("z.jsonl", 0, "cannot be read")]
    found = profile_of(ROWS, problems).counts.problems
    assert ((found + found).lines, (found + found).files, (found + found).answers) == (4, 2, 2)
    image = Problem("x.jsonl", 4, "no image")
    assert found == Problems(2, 1, 1, problems[0], (image, *problems))
    assert profile_of([], problems, 3).counts == Counts(
        duplicates=3, problems=Problems(2, 1, 1, problems[0], tuple(problems))
    )


def test_the_first_problems_are_listed_by_their_places() -> None:
    problems = [Problem(f"{number:04}.jsonl", 1, "probabilities are none") for number in range(1001)]
    found = profile_of([], problems[::-1]).counts.problems
    assert (found.lines, found.answers, found.first_answer) == (1001, 1001, problems[0])
    assert found.listed == tuple(problems[:1000])
    assert (found + found).listed == tuple(sorted(problems * 2)[:1000])


def test_images_that_were_looked_at_are_measured() -> None:
    damaged = row(3, status="unreadable", reason="no image")
    found = profile_of([looked_at(0, 51), looked_at(1, 102), row(2), damaged]).counts
    assert list(found.measured.records) == [f"{number:016x}:0" for number in range(4)]
    assert found.measured.numbers("brightness").sum == pytest.approx(0.2 + 0.4)
    assert found.measured.records[f"{2:016x}:0"] == (f"{2:016x}", ())
    brightness = found.column("brightness")
    assert brightness is not None
    assert brightness.count == 2
    assert found.present("brightness") == 3  # of all readable images, not only of those that were measured


def test_records_above_the_level_and_without_image_are_not_measured() -> None:
    high = looked_at(0, record=2**63)
    found = profile_of([high, looked_at(1), looked_at(2, image_digest=None)], level=1)
    assert list(found.counts.measured.records) == [f"{1:016x}:0"]
    assert found.counts.measured.level == 1
    assert len(profile_of([looked_at(0, record=2**63 - 1)], level=1).counts.measured.records) == 1
    assert list(profile_of([high], level=0).counts.measured.records) == [f"{2**63:016x}:0"]


def test_each_hour_has_a_profile() -> None:
    found = profiles_by_hour([*ROWS[::-1]], level=0)
    assert {hour: profile.counts.photos for hour, profile in found.items()} == {
        "2026-03-01T10Z": 2,
        "2026-03-01T11Z": 2,
        "2026-03-01T12Z": 1,
    }
    assert list(found) == sorted(found)
    assert profiles_by_hour([looked_at(0, record=2**63)], level=1)["2026-03-01T10Z"].counts.measured == Measured(1)


def test_of_too_many_measured_records_the_level_rises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "MOST", 2)
    quarter = 2**62
    found = profile_of([looked_at(number, record=number * quarter) for number in range(4)]).counts.measured
    assert (found.level, list(found.records)) == (1, [f"{0:016x}:0", f"{quarter:016x}:0"])
    assert (found + Measured(2)).level == 2
    assert list((found + Measured(2)).records) == [f"{0:016x}:0"]


def test_a_long_timeline_is_coarser(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [("accepted", 0), ("accepted", 9), ("accepted", 10), ("low_confidence", 19), ("low_confidence", 60)]
    fine = timeline_of(moments)
    assert (fine.step, fine.slots) == (1, 5)
    assert fine.between(0, 19) == 3
    assert fine.between(9, 60) == 3
    assert fine.coarser(10) == Timeline(10, {"accepted": {0: 2, 10: 1}, "low_confidence": {10: 1, 60: 1}})
    monkeypatch.setattr(timeline, "MOST", 3)
    assert timeline_of(moments) == fine.coarser(10)
    monkeypatch.setattr(timeline, "MOST", 2)
    assert timeline_of(moments) == fine.coarser(60)
    assert fine.coarser(600) + fine == Timeline(600, {"accepted": {0: 6}, "low_confidence": {0: 4}})
    monkeypatch.setattr(timeline, "MOST", 0)
    assert timeline_of(moments).step == 86400
