"""The decision at its edges: the threshold itself, ties, and numbers that are none."""

import math
from dataclasses import asdict
from typing import Any

import pytest

from lambdas.filter_inference.decision import Inference, decide
from lambdas.shared.errors import InvalidRequest

LABELS = ["bicycle", "motorcycle", "bus"]


def inference(probabilities: list[float], threshold: float, other: float | None = None) -> Inference:
    return Inference(LABELS[: len(probabilities)], probabilities, other, threshold, "training-job-1")


@pytest.mark.parametrize("threshold", [0.1 + 0.2 + 0.4, 0.7, 0.93, 1.0])
def test_the_threshold_itself_is_enough_and_the_next_smaller_number_is_not(threshold: float) -> None:
    below = math.nextafter(threshold, 0)
    assert decide(inference([threshold, 1 - threshold], threshold))["decision"] == "accepted"
    assert decide(inference([below, 1 - below], threshold))["decision"] == "low_confidence"


def test_a_threshold_of_zero_accepts_everything() -> None:
    assert decide(inference([0.5, 0.5], 0.0))["decision"] == "accepted"


@pytest.mark.parametrize(
    ("probabilities", "label"),
    [([0.5, 0.5], "bicycle"), ([0.2, 0.4, 0.4], "motorcycle"), ([1 / 3, 1 / 3, 1 / 3], "bicycle")],
)
def test_of_labels_that_are_equally_probable_the_first_wins(probabilities: list[float], label: str) -> None:
    assert decide(inference(probabilities, 0.9)) == {
        "decision": "low_confidence",
        "label": label,
        "confidence": max(probabilities),
    }


@pytest.mark.parametrize("probabilities", [[1.0], [0.5, 0.3, 0.2]])
def test_nothing_is_decided_without_a_label_for_each_probability(probabilities: list[float]) -> None:
    with pytest.raises(ValueError, match="zip"):
        decide(Inference(LABELS[:2], probabilities, None, 0.5, "training-job-1"))


@pytest.mark.parametrize(
    ("probabilities", "other", "decision"),
    [
        ([0.1, 0.2], 0.7, "not_a_known_vehicle"),
        ([0.25, 0.3], 0.45, "not_a_known_vehicle"),  # more probable than each class, though not than all together
        ([0.4, 0.2], math.nextafter(0.4, 1), "not_a_known_vehicle"),
        ([0.4, 0.2], 0.4, "low_confidence"),
        ([0.5, 0.3], 0.2, "low_confidence"),
        ([0.6, 0.4], 0, "low_confidence"),
        ([0.6, 0.4], None, "low_confidence"),
        ([0.9, 0.0], 0.1, "accepted"),
        ([0.1, 0.1, 0.2], 0.6, "not_a_known_vehicle"),
    ],
)
def test_why_a_photo_goes_to_a_person(probabilities: list[float], other: float | None, decision: str) -> None:
    assert decide(inference(probabilities, 0.8, other))["decision"] == decision


def test_what_is_at_the_threshold_is_accepted_whatever_else_it_may_be() -> None:
    assert decide(inference([0.3, 0.1], 0.3, 0.6)) == {"decision": "accepted", "label": "bicycle", "confidence": 0.3}


def test_a_tie_at_the_threshold_is_accepted() -> None:
    assert decide(inference([0.5, 0.5], 0.5)) == {"decision": "accepted", "label": "bicycle", "confidence": 0.5}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("threshold", math.nan),
        ("other", math.nan),
        ("other", math.inf),
        ("threshold", math.inf),
        ("threshold", -math.inf),
        ("inferences", [math.nan, 1.0]),
        ("inferences", [1.0, math.nan]),
        ("inferences", [math.nan, math.nan]),
        ("inferences", [math.inf, 0.0]),
    ],
)
def test_nothing_is_decided_with_nan_or_infinity(key: str, value: Any) -> None:
    event = asdict(inference([0.9, 0.1], 0.8)) | {key: value}
    with pytest.raises(InvalidRequest, match=f"'{key}' must be"):
        Inference.parse(event)
