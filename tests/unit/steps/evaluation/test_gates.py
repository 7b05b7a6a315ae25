"""The gates: minimums and maximums, what cannot be measured, and how a line says all of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from steps.evaluation.gates import Gate, Limits, at_least, at_most, check_gates, describe, margin, passed
from steps.evaluation.measurements import Measurements, measure
from steps.evaluation.robustness import Beyond, Robustness

LABELS = np.array([0, 0, 1, 1])
PROBABILITIES = np.array([[0.9, 0.0], [0.6, 0.1], [0.3, 0.4], [0.8, 0.1]])
LIMITS = Limits(accuracy=0.75, coverage=0.5, regression=0.02, robust_accuracy=0.7, others_decided=0.15)


def measured(robust_accuracy: float = 0.7, others_decided: float | None = 0.15) -> Measurements:
    """Measurements of a model that is right on three of four photos and decides two."""
    beyond = Beyond((Robustness("noise", 1, 0.9, 0.5, 1.0),), robust_accuracy, others_decided, 20)
    return measure(LABELS, PROBABILITIES, ("bicycle", "motorcycle"), 0.8, beyond)


def outcomes(found: Measurements, floor: float | None = None) -> Mapping[str, Any]:
    return {gate.name: gate.passed for gate in check_gates(found, LIMITS, floor)}


def test_what_is_at_its_limit_passes() -> None:
    assert outcomes(measured(), floor=0.75) == dict.fromkeys(
        ("accuracy", "coverage", "robust_accuracy", "others_decided", "champion"), True
    )


def test_what_is_just_below_a_minimum_fails() -> None:
    below = replace(measured(0.6999), accuracy=0.7499, coverage=0.4999)
    assert outcomes(below, floor=0.75) == {
        "accuracy": False, "coverage": False, "robust_accuracy": False, "others_decided": True, "champion": False,
    }  # fmt: skip


def test_there_is_no_gate_against_a_champion_that_is_missing() -> None:
    assert "champion" not in outcomes(measured())


@pytest.mark.parametrize(
    ("found", "name"),
    [(measured(robust_accuracy=0.69), "robust_accuracy"), (measured(others_decided=0.2), "others_decided")],
)
def test_what_is_beyond_its_limit_fails_alone(found: Measurements, name: str) -> None:
    failed = [gate for gate, outcome in outcomes(found).items() if outcome is False]
    assert failed == [name]
    assert not passed(check_gates(found, LIMITS, None))


def test_what_could_not_be_measured_neither_passes_nor_fails_and_says_so() -> None:
    gates = check_gates(measured(others_decided=None), LIMITS, None)
    (others,) = (gate for gate in gates if gate.name == "others_decided")
    assert (others.value, others.passed, others.margin) == (None, None, None)
    assert passed(gates)
    assert margin(gates, "others_decided") == 0.0
    assert "other things decided not measured (at most 0.1500)" in describe(gates, None)


@pytest.mark.parametrize(
    ("gate", "limit", "left"),
    [
        (at_least("accuracy", 0.9, 0.75), 0.75, 0.15),
        (at_least("accuracy", 0.9, 0.0), 0.0, 0.9),
        (at_most("others_decided", 0.25, 0.75), 0.75, 0.5),
        (at_most("others_decided", 0.25, 0.0), 0.0, -0.25),
    ],
)
def test_a_margin_is_positive_on_the_right_side(gate: Gate, limit: float, left: float) -> None:
    assert (gate.limit, gate.margin) == (limit, pytest.approx(left))
    assert gate.passed is (left >= 0)
    assert margin((gate,), gate.name) == gate.margin


def test_the_line_has_each_limit_by_its_side() -> None:
    assert describe(check_gates(measured(0.72, 0.05), LIMITS, 0.73), None) == (
        "accuracy 0.7500 (at least 0.7500), coverage 0.5000 (at least 0.5000), "
        "accuracy on changed photos 0.7200 (at least 0.7000), other things decided 0.0500 (at most 0.1500), "
        "accuracy against the model in production 0.7500 (at least 0.7300), no model in production to compare with"
    )
