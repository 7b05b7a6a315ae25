from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from profiled import captured

from monitoring.profiles.profile import Profile
from monitoring.statistics.overview import overview, per_day
from monitoring.statistics.statistics import statistics


def test_the_overview_counts_everything_once(found: Profile) -> None:
    counted = overview(found, 2)
    assert counted.photos == 9
    assert counted.accepted + counted.low_confidence + counted.undecided == counted.photos
    assert (counted.accepted, counted.low_confidence, counted.undecided) == (6, 2, 1)
    assert (counted.unreadable_photos, counted.unusable_lines, counted.duplicates, counted.files) == (1, 3, 1, 2)
    assert counted.classes == {"bicycle": 6, "motorcycle": 2}
    assert counted.model_versions == {"train-1": 6, "train-2": 1}
    assert counted.thresholds == (0.75, 0.9, 0.93)
    assert counted.accepted_share == pytest.approx(6 / 8)


def test_the_verdict_in_words(found: Profile) -> None:
    assert overview(found, 2).verdict == (
        "9 photos, 6 decided automatically (75 %), 2 for review, 1 without an answer; 1 photo and 3 lines unreadable"
    )


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        ([], "Nothing was captured"),
        ([b"{", b"}"], "Nothing was captured; 2 lines unreadable"),
    ],
)
def test_the_verdict_without_photos(
    lines: list[bytes], verdict: str, write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    if lines:
        write_lines(tmp_path / "x.jsonl", *lines)
    assert overview(captured(tmp_path).profile, 1).verdict == verdict


def test_a_class_that_was_never_predicted_is_counted_as_none(
    record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    write_lines(tmp_path / "x.jsonl", record(1, [0.95, 0.05]))
    counted = overview(captured(tmp_path).profile, 1)
    assert counted.classes == {"bicycle": 1, "motorcycle": 0}
    assert counted.verdict == "1 photo, 1 decided automatically (100 %), 0 for review; nothing unreadable"


def test_photos_a_day(found: Profile) -> None:
    assert per_day(found.counts) == [
        {"day": "2026-03-01", "accepted": 6, "low_confidence": 2, "not_a_known_vehicle": 0, "undecided": 1}
    ]


def test_photos_of_something_else_are_for_review_and_counted_apart(
    record: Callable[..., Any], respond: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    known = record(1, {**respond(0.95), "other": [0.0]})
    unsure = record(2, {**respond(), "probabilities": [[0.5, 0.3]], "other": [0.2]}, minute=1)
    unknown = record(3, {**respond(), "probabilities": [[0.02, 0.08]], "other": [0.9]}, minute=2)
    write_lines(tmp_path / "x.jsonl", known, unsure, unknown, record(4, respond(0.95), minute=3))
    profile = captured(tmp_path).profile
    counted = overview(profile, 1)
    assert (counted.accepted, counted.low_confidence, counted.not_a_known_vehicle) == (2, 1, 1)
    assert (counted.decided, counted.for_review, counted.accepted_share) == (4, 2, 0.5)
    assert counted.verdict == (
        "4 photos, 2 decided automatically (50 %), 2 for review (1 no known vehicle); nothing unreadable"
    )
    (other,) = (each for each in statistics(profile.counts).features if each.name == "other")
    assert other.numerical_statistics is not None
    assert other.numerical_statistics.common.num_missing == 1  # the answer without it
    assert other.numerical_statistics.mean == pytest.approx(1.1 / 3)
