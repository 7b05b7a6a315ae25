"""The first words of the decision page, with figures worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from steps.classifier.scoring import Latency, Scored
from steps.evaluation.champion import Champion, assess
from steps.evaluation.gates import champion_floor
from steps.evaluation.measurements import Measurements, measure
from steps.evaluation.robustness import WAYS, Beyond, Exam
from steps.evaluation.verdict import explanation, headline
from steps.evaluation.wording import points

CLASSES = ("bicycle", "motorcycle")
LABELS = np.array([0, 1, 0, 1, 0, 1])
FIVE_RIGHT = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.05, 0.95], [0.6, 0.4], [0.3, 0.7]])
PERCENT = "\N{NARROW NO-BREAK SPACE}%"
ALONE = f"It is right on 5 of 6 test photos, 83.3{PERCENT} (95 % interval 43.6{PERCENT} to 97.0{PERCENT})."


def scored(probabilities: np.ndarray, sha256: str, classes: tuple[str, ...] = CLASSES) -> Scored:
    latency, further = Latency(2.0, 3.0, 100), np.tile(probabilities, (len(WAYS), 1))
    return Scored("job-1", classes, 0.7, probabilities, sha256, 500_000, latency, further)


EXAM = Exam(LABELS, np.empty(0, np.uint8))
CHALLENGER = scored(FIVE_RIGHT, "new")
NONE_RIGHT = scored(1 - np.eye(2)[LABELS], "poor")
ALL_RIGHT = scored(np.eye(2)[LABELS], "perfect")

OF_A_BUS = scored(FIVE_RIGHT, "other", ("bicycle", "bus"))


@pytest.fixture
def measured() -> Measurements:
    return measure(LABELS, FIVE_RIGHT, CLASSES, 0.7, Beyond((), 0.8, None, 0))


def test_without_a_champion(measured: Measurements) -> None:
    assert explanation(measured, None) == (
        f"{ALONE} No version is approved yet, so there is no model in production to compare with."
    )


def test_the_same_model(measured: Measurements) -> None:
    champion = assess(LABELS, CHALLENGER, CHALLENGER, EXAM)
    assert explanation(measured, champion) == (f"{ALONE} Its archive is the one that production serves, byte for byte.")


def test_a_champion_of_other_classes(measured: Measurements) -> None:
    assert explanation(measured, assess(LABELS, CHALLENGER, OF_A_BUS, EXAM)) == (
        f"{ALONE} The model in production cannot be compared: it tells bicycle, bus apart, and the test photos are of "
        "bicycle, motorcycle."
    )


def test_against_a_champion(measured: Measurements) -> None:
    """Wilson's intervals of 5/6 and 0/6 are 0.4365 to 0.9699 and 0 to 0.3903; McNemar's p is 2 / 2⁵."""
    assert explanation(measured, assess(LABELS, CHALLENGER, NONE_RIGHT, EXAM)) == (
        "On the same 6 test photos it is right 5 times and production 0 times: +83.3 points, "
        "95 % interval +27.7 to +97.0. It corrects 5 of production's mistakes and makes 0 that production does not "
        "(exact McNemar test: p = 0.062)."
    )
    assert "it is right 5 times and production 6 times: −16.7 points" in explanation(
        measured, assess(LABELS, CHALLENGER, ALL_RIGHT, EXAM)
    )


def test_a_failed_gate_comes_before_everything_else() -> None:
    for champion in (None, assess(LABELS, CHALLENGER, NONE_RIGHT, EXAM), assess(LABELS, CHALLENGER, CHALLENGER, EXAM)):
        assert headline(champion, passed=False) == "Not good enough: it is not registered"


def test_a_first_model_has_nothing_to_be_compared_with() -> None:
    assert headline(None, passed=True) == "Good enough to register; nothing in production to compare with"


@pytest.mark.parametrize(
    ("challenger", "champion", "said"),
    [
        (CHALLENGER, CHALLENGER, "The same model as the one in production"),
        (CHALLENGER, OF_A_BUS, "Good enough to register, but not comparable with the one in production"),
        (CHALLENGER, NONE_RIGHT, "Better than the one in production, by 83.3 points"),
        (NONE_RIGHT, CHALLENGER, "Worse than the one in production, by 83.3 points; the gate allows it"),
        (CHALLENGER, ALL_RIGHT, "No proven difference from the one in production"),
    ],
)
def test_a_model_is_held_against_the_one_in_production(challenger: Scored, champion: Scored, said: str) -> None:
    """Five against none of six photos is a proven difference, five against six is none."""
    assert headline(assess(LABELS, challenger, champion, EXAM), passed=True) == said


def against(accuracy: float) -> Champion:
    """A champion with this accuracy."""
    champion = assess(LABELS, CHALLENGER, ALL_RIGHT, EXAM)
    assert champion.measurements is not None
    return replace(champion, measurements=replace(champion.measurements, accuracy=accuracy))


@pytest.mark.parametrize(
    ("accuracy", "regression", "floor"), [(0.93, 0.02, 0.91), (0.95, 0.0, 0.95), (0.01, 0.02, 0.0), (0.3, 0.1, 0.2)]
)
def test_the_floor_is_the_champions_accuracy_less_what_may_be_lost(
    accuracy: float, regression: float, floor: float
) -> None:
    assert champion_floor(against(accuracy), regression) == floor


@pytest.mark.parametrize(
    ("share", "said"), [(0.8333, "+83.3"), (-0.1667, "−16.7"), (0.0, "+0.0"), (-0.0004, "+0.0"), (-0.0005001, "−0.1")]
)
def test_differences_have_a_sign_unless_they_are_nothing(share: float, said: str) -> None:
    assert points(share) == said
