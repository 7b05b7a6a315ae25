from datetime import UTC, datetime
from typing import Any

import pandas as pd

from monitoring.captures.photos import frame
from monitoring.ground_truth.joining import NONE, join
from monitoring.ground_truth.records import GroundTruth


def photo(event: str, predicted: str | None = "bicycle", **more: Any) -> dict[str, Any]:
    answer = {"labels": ("bicycle", "motorcycle"), "confidence": 0.9, "decision": "accepted", "predicted": predicted}
    common = {"event_id": event, "position": 0, "time": datetime(2026, 3, 9, tzinfo=UTC), "status": "ok"}
    return {**common, "file": "x.jsonl", "line": 1, "place": 0, **(answer if predicted else {}), **more}


def photos(*rows: dict[str, Any]) -> pd.DataFrame:
    return frame(list(rows))


def test_the_inference_id_comes_before_the_event_id() -> None:
    table = photos(photo("a", inference_id="photo-1"), photo("b"), photo("c", inference_id="photo-9"))
    truth = GroundTruth({"photo-1": ("motorcycle",), "a": ("bicycle",), "b": ("bicycle",), "c": ("motorcycle",)})
    assert join(table, truth).photos["actual"].tolist() == ["motorcycle", "bicycle", "motorcycle"]


def test_photos_without_ground_truth_and_without_an_answer_are_left_out() -> None:
    table = photos(photo("a"), photo("b"), photo("c", None))
    assert join(
        table, GroundTruth({"a": ("bicycle",), "c": ("bicycle",), "z": ("bicycle",)})
    ).photos.index.tolist() == [0]


def test_each_photo_of_a_request_has_its_class() -> None:
    more = [photo("b"), photo("b", position=1), photo("c")]
    table = photos(photo("a"), photo("a", "motorcycle", position=1), *more)
    found = join(table, GroundTruth({"a": ("bicycle", "bicycle"), "b": ("bicycle",), "c": ("bicycle", "bicycle")}))
    assert found.photos["actual"].tolist() == ["bicycle", "bicycle"]
    assert found.photos["answered"].tolist() == ["bicycle", "motorcycle"]
    assert found.misfits == 2


def test_classes_are_names_or_places_and_everything_else_is_none_of_them() -> None:
    table = photos(*(photo(event) for event in "abcde"))
    truth = GroundTruth({"a": ("motorcycle",), "b": ("1",), "c": ("truck",), "d": ("truck",), "e": ("2",)})
    found = join(table, truth)
    assert found.photos["actual"].tolist() == ["motorcycle", "motorcycle", NONE, NONE, NONE]
    assert found.named == {"truck": 2, "2": 1}


def test_a_model_that_finds_none_of_the_classes_says_so() -> None:
    table = photos(photo("a", confidence=0.1, other=0.8, decision="not_a_known_vehicle"), photo("b"))
    found = join(table, GroundTruth({"a": ("truck",), "b": ("bicycle",)})).photos
    assert found["answered"].tolist() == [NONE, "bicycle"]
    assert found["believed"].tolist() == [0.8, 0.9]
    assert found["decided"].tolist() == [False, True]


def test_a_window_without_photos_has_none_with_ground_truth() -> None:
    found = join(photos(), GroundTruth({"a": ("bicycle",)}))
    assert (len(found.photos), found.named, found.misfits) == (0, {}, 0)
