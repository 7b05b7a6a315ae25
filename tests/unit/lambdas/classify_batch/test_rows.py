"""Rows of the result table, whatever became of a photo."""

from typing import Any

import pytest

from lambdas.classify_batch.rows import COLUMNS, Row, decided, no_photo, undecided
from lambdas.classify_image.models import Prediction
from lambdas.shared.errors import InvalidRequest
from lambdas.shared.events import Photo

PHOTO = Photo("photos", "backfill/a.png", "request-1", s3_version_id="7")
ROUTES = {"bicycle": {"loading_bay": "A", "order_radius_km": 3.0}}
NOTHING: Row = dict.fromkeys(COLUMNS)


def answer(*probabilities: float, other: float | None = None, threshold: float = 0.8) -> Row:
    prediction = Prediction(["bicycle", "motorcycle"], list(probabilities), other, threshold, "v1")
    return decided(PHOTO, 2, prediction, ROUTES)


def asked(label: str, confidence: float, **more: Any) -> Row:
    """What all rows have of photos that the model was asked about."""
    photo = {"s3_bucket": "photos", "s3_key": "backfill/a.png", "s3_version_id": "7", "inference_id": "request-1"}
    model = {"model_version": "v1", "position": 2, "label": label, "confidence": confidence}
    return {**NOTHING, **photo, **model, **more}


def test_a_photo_that_is_decided_has_its_route() -> None:
    route = {"decision": "accepted", "threshold": 0.8, "loading_bay": "A", "order_radius_km": 3.0}
    assert answer(0.9, 0.1) == asked("bicycle", 0.9, **route)


def test_a_photo_that_is_not_decided_has_none() -> None:
    assert answer(0.7, 0.3) == asked("bicycle", 0.7, decision="low_confidence", threshold=0.8)
    other = answer(0.2, 0.1, other=0.7)
    assert other == asked("bicycle", 0.2, decision="not_a_known_vehicle", threshold=0.8, other=0.7)


def test_a_class_may_have_no_route() -> None:
    assert answer(0.1, 0.9) == asked("motorcycle", 0.9, decision="accepted", threshold=0.8)


def test_a_photo_that_nobody_was_asked_about_has_a_reason_and_no_request() -> None:
    photo = {"s3_bucket": "photos", "s3_key": "backfill/a.png", "s3_version_id": "7"}
    assert undecided(PHOTO, "skipped", "a folder") == {**NOTHING, **photo, "decision": "skipped", "reason": "a folder"}


@pytest.mark.parametrize(
    ("item", "entry"),
    [({"file": "käse.png"}, '{"file": "käse.png"}'), ("x" * 500, '"' + "x" * 199)],
)
def test_an_entry_that_is_no_photo_is_quoted_as_far_as_it_is_short(item: object, entry: str) -> None:
    reason = f"InvalidRequest: no key; the entry is {entry}"
    expected = {**NOTHING, "s3_bucket": "photos", "decision": "unusable", "reason": reason}
    assert no_photo(item, "photos", InvalidRequest("no key")) == expected
