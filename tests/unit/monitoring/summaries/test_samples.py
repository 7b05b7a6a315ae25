"""Which photos are kept of an hour."""

from datetime import timedelta

import numpy as np
import pytest
from unit.monitoring.profiles.half_hours import NAMES, TEN, answered, looked_at, row

from monitoring.profiles import making
from monitoring.profiles.making import profile_of
from monitoring.summaries import samples


def test_each_picture_is_kept_once_and_those_for_review_by_their_confidence() -> None:
    again = looked_at(1, image_digest=f"{0:016x}", position=1)
    review = [answered(number, "bicycle", 0.9 - number / 100, "low_confidence") for number in (5, 6, 7)]
    unknown = answered(8, "bicycle", 0.1, "not_a_known_vehicle")
    found = profile_of([again, looked_at(0, upright=0.02), *review[::-1], unknown]).samples
    (name,) = found.pictures
    photo = found.pictures[name]
    assert (name, found.pixels[name]) == (f"{0:016x}:0", bytes([100]) * 3072)
    assert (photo.time, photo.file, photo.line, photo.place, photo.position) == (TEN, "x.jsonl", 1, 0, 0)
    assert (photo.digest, photo.readable, photo.predicted, photo.decision) == (
        f"{0:016x}",
        True,
        "bicycle",
        "accepted",
    )
    assert (photo.confidence, photo.threshold, photo.inference_id) == (0.95, 0.9, None)
    assert photo.upright == 0.02
    assert [each.confidence for each in found.review] == pytest.approx([0.1, 0.83, 0.84, 0.85])
    assert found.different == tuple(f"{number:016x}" for number in (0, 5, 6, 7, 8))
    assert found.distinct == 5


def test_inference_ids_and_unreadable_images_are_kept() -> None:
    photos = [answered(1, "bicycle", 0.2, "low_confidence", status="unreadable", inference_id="photo-1")]
    (found,) = profile_of(photos).samples.review
    assert (found.readable, found.inference_id) == (False, "photo-1")
    assert profile_of(photos).samples.newest == ()


def test_the_newest_photos_of_each_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "NEWEST", 2)
    monkeypatch.setattr(making, "NEWEST", 2)
    photos = [answered(number, NAMES[number % 2], 0.95) for number in range(8)]
    photos.append(answered(9, "bicycle", 0.95, image_digest=f"{6:016x}"))  # the same image again
    photos.append(row(10))
    found = profile_of(photos).samples.newest
    assert [(each.predicted, each.digest) for each in found] == [
        ("bicycle", f"{6:016x}"),
        ("bicycle", f"{4:016x}"),
        ("motorcycle", f"{7:016x}"),
        ("motorcycle", f"{5:016x}"),
    ]
    assert found[0].time == TEN + timedelta(minutes=270)


def test_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((samples, "PICTURES"), (making, "PICTURES"), (samples, "REVIEW"), (making, "REVIEW")):
        monkeypatch.setattr(module, name, 2)
    photos = [
        looked_at(number, number, decision="low_confidence", confidence=0.5 + number / 100) for number in range(5)
    ]
    found = profile_of(photos[::-1]).samples
    assert list(found.pictures) == list(found.pixels) == [f"{number:016x}:0" for number in (0, 1)]
    assert [each.confidence for each in found.review] == [0.5, 0.51]


def test_many_different_images_are_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The 4th smallest of evenly spread digests lies where four of so many are below it."""
    monkeypatch.setattr(samples, "COUNTED", 4)
    spread = [row(number, image_digest=f"{number * 2**60 - 1:016x}") for number in range(1, 16)]
    assert profile_of(spread).samples.distinct == 12  # (4 - 1) / (4 / 16)
    assert profile_of(spread[:3]).samples.distinct == 3


def test_pictures_stand_in_order_of_time() -> None:
    photos = [looked_at(number, number, record=9 - number) for number in range(3)]
    found = profile_of(photos).samples.in_order
    assert [photo.line for photo, _ in found] == [1, 2, 3]
    assert [np.frombuffer(pixels, np.uint8)[0] for _, pixels in found] == [0, 1, 2]
