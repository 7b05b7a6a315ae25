"""Merging: of any parts, in any order, the same bytes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.captures.files import Problem
from monitoring.features.images import Seen
from monitoring.profiles.making import profile_of
from monitoring.profiles.profile import Counts, Profile, merged
from monitoring.profiles.store import files
from monitoring.summaries import measured, samples, timeline

START = datetime(2026, 3, 1, 10, tzinfo=UTC)


def row(number: int) -> dict[str, Any]:
    """The row of a photo; some photos are alike, come at one moment, are unreadable or have no answer."""
    image = f"{number % 40 * 2**50:016x}"
    found: dict[str, Any] = {
        "record": number * 0x9E3779B97F4A7C15 % 2**64,
        "position": number % 3,
        "time": START + timedelta(seconds=number // 4 * 37),
        "content_type": "image/png",
        "file": f"{number % 5}.jsonl",
        "line": number,
        "place": number * 100,
        "image_digest": image,
        "status": "ok" if number % 11 else "unreadable",
        "reason": None if number % 11 else "no image",
    }
    if number % 11:
        found |= {"width": 32, "height": number % 300 + 1, "seen": Seen(bytes([number % 40]) * 3072, 32, 32)}
    if number % 7:
        sure = (number * 37 % 1000) / 1000
        decision = "accepted" if sure > 0.5 else "low_confidence"
        found |= {"labels": ("a", "b"), "predicted": "ab"[number % 2], "confidence": sure, "threshold": 0.5}
        found |= {"decision": decision, "other": sure / 3}
    return found


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few are kept that every limit is reached."""
    for module, names in (
        (measured, ("MOST",)),
        (samples, ("PICTURES", "COUNTED", "REVIEW", "NEWEST")),
        (timeline, ("MOST",)),
    ):
        for name in names:
            monkeypatch.setattr(module, name, 9)


ROWS = [row(number) for number in range(120)]
PARTS = st.lists(st.integers(0, 5), min_size=len(ROWS), max_size=len(ROWS))


@settings(max_examples=5, deadline=None)
@given(places=PARTS, order=st.permutations(range(6)))
def test_merging_in_any_order_gives_the_same_bytes(places: list[int], order: list[int]) -> None:
    parts = []
    for part in range(6):
        problems = [Problem("x", part + 1, "the answer is none")]
        parts.append(profile_of([row for row, place in zip(ROWS, places, strict=True) if place == part], problems, 1))
    problems = [Problem("x", part + 1, "the answer is none") for part in range(6)]
    whole = files(profile_of(ROWS, problems, 6))
    assert files(merged(parts[place] for place in order)) == whole
    left, right = merged(parts[:3]), merged(parts[3:])
    assert files(right + left) == whole


def test_nothing_added_changes_nothing() -> None:
    profile = profile_of(ROWS)
    assert files(profile + Profile()) == files(Profile() + profile) == files(profile)
    assert merged([]) == Profile()


def test_one_photo_of_a_model_of_generated_images_is_enough_to_say_so() -> None:
    generated = Profile(Counts(synthetic=True))
    assert (generated + Profile()).counts.synthetic
    assert (Profile() + generated).counts.synthetic


def test_lines_move_down_in_one_file_alone() -> None:
    answer = Problem("1.jsonl", 3, "the answer is none")
    profile = profile_of(ROWS, [answer, Problem("2.jsonl", 3, "no JSON"), Problem("1.jsonl", 0, "cannot be read")])
    moved = profile.moved("1.jsonl", 1000)
    before = {(problem.file, problem.line) for problem in profile.counts.problems.listed}
    after = {(problem.file, problem.line) for problem in moved.counts.problems.listed}
    assert after == {(file, line + 1000 * (file == "1.jsonl" and line > 0)) for file, line in before}
    assert moved.counts.problems.first_answer == Problem("1.jsonl", 1003, "the answer is none")
    for kept in (lambda found: found.review, lambda found: found.newest, lambda found: found.pictures.values()):
        photos = list(kept(profile.samples))
        expected = [photo.line + 1000 * (photo.file == "1.jsonl") for photo in photos]
        assert [photo.line for photo in kept(moved.samples)] == expected
        assert any(photo.file == "1.jsonl" for photo in photos)
