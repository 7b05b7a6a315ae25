"""Temperature and threshold, on copies whose judgement is worked out by hand."""

import numpy as np
import pytest

from steps.classifier.proof import PrecisionTarget
from steps.robustness.copies import CLEAN, WAYS, Copies
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


@pytest.mark.parametrize("way", [1, len(WAYS)])
def test_a_way_in_which_too_much_is_mistaken_raises_the_threshold(way: int) -> None:
    """400 clean photos are right; of 40 changed copies twenty are mistaken."""
    labels = [0] * 400
    clean = [(row, CLEAN, [4.0, 0.0]) for row in range(400)]
    changed = [(row, way, [1.0, 0.0] if row < 20 else [0.0, 1.0]) for row in range(40)]
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
    assert (strict.validation["images"], strict.validation["accuracy"]) == (200, 1)


@pytest.mark.parametrize(("precision", "missed"), [(0.9417, True), (0.941, False)])
def test_each_of_29_ways_has_its_part_of_the_level(precision: float, missed: bool) -> None:
    """Two mistakes of two have a chance of 0.0034 and of 0.0035, and 0.1 / 29 lies between them."""
    clean = [(row, CLEAN, [4.0, 0.0]) for row in range(400)]
    mistaken = [(row, 1, [0.0, 1.0]) for row in range(2)]
    rule = choose_decision_rule(judged(*clean, *mistaken, labels=[0] * 400), PrecisionTarget(precision, 0.9), seed=0)
    assert (rule.threshold > 0.505) is missed


def test_what_is_unsure_and_mistaken_is_not_decided() -> None:
    sure = [(row, CLEAN, [4.0, 0.0]) for row in range(300)]
    unsure = [(row, CLEAN, [0.5, 0.0]) for row in range(300, 400)]
    rule = choose_decision_rule(judged(*sure, *unsure, labels=[0] * 300 + [1] * 100), TARGET, seed=0)
    assert (rule.validation["coverage"], rule.validation["mixture_coverage"]) == (0.75, 0.75)


def test_the_same_seed_makes_the_same_rule() -> None:
    """With one mistake among 25 photos it depends on their order whether they prove anything."""
    photos = judged(*[(row, CLEAN, [4.0, 0.0]) for row in range(25)], labels=[0] * 24 + [1])
    once, again = ([choose_decision_rule(photos, TARGET, seed).threshold for seed in range(8)] for _ in range(2))
    assert once == again
    assert len(set(once)) == 2


def test_others_of_which_the_model_is_wholly_sure_count_as_decided_at_a_threshold_of_one() -> None:
    known = [(0, CLEAN, [1.0, 0.0, 0.0]), (1, CLEAN, [1.0, 0.0, 0.0])]
    others = [(2, CLEAN, [9999.0, 0.0, 0.0]), (3, CLEAN, [1.0, 0.0, 0.0])]
    rule = choose_decision_rule(judged(*known, *others, labels=[0, 1, 2, 2]), TARGET, seed=0)
    assert (rule.threshold, rule.validation["others_decided"]) == (1, 0.5)
