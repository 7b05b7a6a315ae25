"""Temperature and threshold, on copies whose judgement is worked out by hand."""

import numpy as np
import pytest

from steps.classifier.proof import PrecisionTarget
from steps.robustness.copies import CLEAN, Copies
from steps.training.decision_rule import Judged, choose_decision_rule

TARGET = PrecisionTarget(0.8, 0.9)


def judged(*copies: tuple[int, int, list[float]], labels: list[int]) -> Judged:
    """Copies: each a row, a way and logits."""
    rows, ways, logits = (np.array(each) for each in zip(*copies, strict=True))
    return Judged(np.array(labels), 2, Copies(rows, ways), logits)


def test_worked_out_by_hand() -> None:
    """98 equal logits of 2 and 0, of which 90 are right, become a confidence of 0.91 (see test_calibration.py)."""
    clean = [(row, CLEAN, [2.0, 0.0]) for row in range(98)]
    rule = choose_decision_rule(judged(*clean, labels=[0] * 90 + [1] * 8), TARGET, seed=0)
    assert rule.temperature == pytest.approx(2 / np.log(0.91 / 0.09))
    assert rule.threshold == 0.505
    assert rule.validation == pytest.approx(
        {
            "accuracy": 90 / 98,
            "log_loss": -(90 * np.log(0.91) + 8 * np.log(0.09)) / 98,
            "coverage": 1.0,
            "accuracy_of_accepted": 90 / 98,
            "images": 98,
            "mixture_coverage": 1.0,
            "mixture_accuracy_of_accepted": 90 / 98,
        }
    )


def test_a_way_in_which_too_much_is_mistaken_raises_the_threshold() -> None:
    """400 clean photos are right; of 40 changed copies twenty are mistaken."""
    labels = [0] * 400
    clean = [(row, CLEAN, [4.0, 0.0]) for row in range(400)]
    changed = [(row, 1, [1.0, 0.0] if row < 20 else [0.0, 1.0]) for row in range(40)]
    alone = choose_decision_rule(judged(*clean, labels=labels), TARGET, seed=0)
    rule = choose_decision_rule(judged(*clean, *changed, labels=labels), TARGET, seed=0)
    sure = 1 / (1 + np.exp(-1 / rule.temperature))  # of the changed copies
    assert alone.threshold == 0.505
    assert sure < rule.threshold < sure + 0.02
    assert rule.validation["accuracy"] == 1.0


def test_others_that_are_taken_for_a_class_raise_the_threshold() -> None:
    labels = [0, 1] * 100 + [2] * 20
    known = [(row, CLEAN, [6.0, 0.0, 0.0] if row % 2 == 0 else [0.0, 6.0, 0.0]) for row in range(200)]
    few, many = (
        [(200 + row, CLEAN, [2.0, 0.0, 0.0] if row < taken else [0.0, 0.0, 6.0]) for row in range(20)]
        for taken in (1, 2)
    )
    lenient = choose_decision_rule(judged(*known, *few, labels=labels), TARGET, seed=0)
    strict = choose_decision_rule(judged(*known, *many, labels=labels), TARGET, seed=0)
    assert lenient.threshold < strict.threshold < 1
    assert lenient.validation["others_decided"] == 0.05
    assert strict.validation["others_decided"] == 0
    assert strict.validation["images"] == 200
