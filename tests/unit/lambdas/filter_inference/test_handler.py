"""`filter_inference`: the decision and nothing else."""

from typing import Any

import pytest
from unit.lambdas.context import CONTEXT

from lambdas.filter_inference.handler import handler
from lambdas.shared.errors import InvalidRequest

EVENT = {
    "s3_bucket": "bucket",
    "s3_key": "photos/a.png",
    "inference_id": "photo-1",
    "inferences": [0.9, 0.1],
    "other": None,
    "labels": ["bicycle", "motorcycle"],
    "threshold": 0.8,
    "model_version": "training-job-1",
}


@pytest.mark.parametrize(
    ("inferences", "threshold", "decision", "label", "confidence"),
    [
        ([0.9, 0.1], 0.8, "accepted", "bicycle", 0.9),
        ([0.1, 0.9], 0.9, "accepted", "motorcycle", 0.9),
        ([0.1, 0.9], 0.9001, "low_confidence", "motorcycle", 0.9),
        ([0.5, 0.5], 0.8, "low_confidence", "bicycle", 0.5),
        ([1, 0], 1, "accepted", "bicycle", 1),
    ],
)
def test_a_decision(inferences: list[float], threshold: float, decision: str, label: str, confidence: float) -> None:
    event = EVENT | {"inferences": inferences, "threshold": threshold}
    assert handler(event, CONTEXT) == event | {"decision": decision, "label": label, "confidence": confidence}


def test_a_photo_of_something_else() -> None:
    event = EVENT | {"inferences": [0.1, 0.2], "other": 0.7}
    decided = {"decision": "not_a_known_vehicle", "label": "motorcycle", "confidence": 0.2}
    assert handler(event, CONTEXT) == event | decided


def test_an_event_from_before_models_knew_something_else() -> None:
    event = {key: value for key, value in EVENT.items() if key != "other"}
    assert handler(event, CONTEXT) == EVENT | {"decision": "accepted", "label": "bicycle", "confidence": 0.9}


def test_three_classes() -> None:
    event = EVENT | {"labels": ["bicycle", "motorcycle", "bus"], "inferences": [0.1, 0.05, 0.85]}
    assert handler(event, CONTEXT)["label"] == "bus"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("inferences", []),
        ("inferences", [1.0]),
        ("inferences", [0.9, 0.9]),
        ("inferences", "0.9"),
        ("inferences", [0.9, 0.0]),
        ("other", "0"),
        ("other", [0.0]),
        ("other", -0.1),
        ("labels", ["bicycle"]),
        ("labels", None),
        ("threshold", "0.8"),
        ("threshold", 80),
        ("model_version", None),
        ("s3_key", ""),
    ],
)
def test_a_wrong_value_is_named(key: str, value: Any) -> None:
    with pytest.raises(InvalidRequest, match=f"'{key}' must be"):
        handler(EVENT | {key: value}, CONTEXT)


@pytest.mark.parametrize("key", [key for key in EVENT if key != "other"])
def test_a_missing_key_is_named(key: str) -> None:
    with pytest.raises(InvalidRequest, match=f"'{key}' is missing"):
        handler({name: value for name, value in EVENT.items() if name != key}, CONTEXT)
