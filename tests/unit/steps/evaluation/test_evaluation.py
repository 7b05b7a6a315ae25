"""What an evaluation says: its document, its gates, and its words on the model in production."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from unit.steps.evaluation.six_photos import CHALLENGER, HARD, PERFECT, POOR, PROBABILITIES, judge, scored

from steps.classifier.model_info import ModelInfo
from steps.evaluation.gates import Limits
from steps.evaluation.verdict import headline, points

GOLDEN = Path(__file__).parents[3] / "golden" / "evaluation-keys.json"


def test_contract(model_info: ModelInfo) -> None:
    document = json.loads(json.dumps(judge(model_info).to_json(), allow_nan=False))
    assert document["accuracy"] == pytest.approx(5 / 6)
    assert document["coverage"] == pytest.approx(4 / 6)
    assert document["accuracy_of_accepted"] == pytest.approx(3 / 4)
    assert document["confusion_matrix"] == {
        "bicycle": {"bicycle": 2, "motorcycle": 1}, "motorcycle": {"bicycle": 0, "motorcycle": 3},
    }  # fmt: skip
    assert document["per_class"]["motorcycle"] == {
        "precision": 0.75, "recall": 1.0, "f1": pytest.approx(6 / 7), "support": 3,
    }  # fmt: skip


def test_the_keys_are_what_was_agreed(model_info: ModelInfo, golden: Callable[[Path, str], None]) -> None:
    document = json.loads(json.dumps(judge(model_info, champion=PERFECT).to_json()))
    golden(GOLDEN, json.dumps(shape(document), indent=2) + "\n")


def shape(value: Any) -> Any:
    """Keys and types; of a list what its first item looks like."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])]
    return type(value).__name__


def test_gates(model_info: ModelInfo) -> None:
    assert judge(model_info).passed
    failed = judge(model_info, HARD)
    assert not failed.passed
    assert [(gate.name, gate.minimum, gate.passed) for gate in failed.gates] == [
        ("accuracy", 0.95, False), ("coverage", 0.5, True),
        ("robust_accuracy", 0.5, True), ("others_decided", None, True),
    ]  # fmt: skip
    assert judge(model_info, Limits(5 / 6, 4 / 6, 0.0, 5 / 6, 0.25)).passed  # reaching a limit is enough


def test_the_champion_sets_a_floor(model_info: ModelInfo) -> None:
    found = judge(model_info, champion=PERFECT)
    assert found.champion_floor == pytest.approx(0.98)
    assert found.champion_margin == pytest.approx(5 / 6 - 0.98)
    gate = found.gates[-1]
    assert (gate.name, gate.value, gate.minimum, gate.passed) == ("champion", found.accuracy, 0.98, False)
    assert not found.passed
    assert "accuracy against the model in production 0.8333 (at least 0.9800)" in found.verdict
    assert judge(model_info, Limits(0.5, 0.5, 1 / 6, 0.5, 0.3), PERFECT).passed  # exactly as far behind as is allowed
    assert judge(model_info, champion=POOR).champion_floor == 0.0


def test_without_a_champion_there_is_no_floor(model_info: ModelInfo) -> None:
    found = judge(model_info)
    assert (found.champion, found.champion_floor, len(found.gates)) == (None, 0.0, 4)
    assert found.champion_margin == found.accuracy
    assert found.verdict == (
        "accuracy 0.8333 (at least 0.5000), coverage 0.6667 (at least 0.5000), "
        "accuracy on changed photos 0.8333 (at least 0.5000), other things decided 0.2500 (at most 0.3000), "
        "no model in production to compare with"
    )
    assert "nothing in production" in found.headline
    assert found.explanation.endswith("so there is no model in production to compare with.")


def test_the_explanation_is_about_the_champion(model_info: ModelInfo) -> None:
    assert "it is right 5 times and production 6 times" in judge(model_info, champion=PERFECT).explanation
    assert "it is right 5 times and production 0 times" in judge(model_info, champion=POOR).explanation


def test_headlines(model_info: ModelInfo) -> None:
    assert judge(model_info, HARD).headline.startswith("Not good enough")
    assert judge(model_info, champion=POOR).headline == "Better than the one in production, by 83.3 points"
    loose = Limits(0.5, 0.5, 0.5, 0.5, 0.3)
    assert judge(model_info, loose, PERFECT).headline == "No proven difference from the one in production"
    assert judge(model_info, champion=CHALLENGER).headline == "The same model as the one in production"
    other = scored(PROBABILITIES, "other", ("bicycle", "bus"))
    assert "not comparable" in judge(model_info, champion=other).headline


@pytest.mark.parametrize(("share", "text"), [(0.015, "+1.5"), (-0.015, "−1.5"), (-0.0001, "+0.0"), (0.0, "+0.0")])
def test_points(share: float, text: str) -> None:
    assert points(share) == text


def test_a_model_that_is_worse_within_what_is_allowed_is_called_worse(model_info: ModelInfo) -> None:
    champion = judge(model_info, champion=PERFECT).champion
    assert champion is not None
    assert champion.comparison is not None
    surely = replace(champion, comparison=replace(champion.comparison, difference=-0.015, low=-0.02, high=-0.01))
    assert headline(surely, passed=True) == "Worse than the one in production, by 1.5 points; the gate allows it"


def test_a_champion_of_other_classes_is_told_and_stops_nothing(model_info: ModelInfo) -> None:
    other = scored(PROBABILITIES, "other", ("bicycle", "bus"))
    found = judge(model_info, champion=other)
    assert found.passed
    assert found.champion is not None
    assert found.champion.measurements is None
    assert found.champion.incomparable == (
        "it tells bicycle, bus apart, and the test photos are of bicycle, motorcycle"
    )
    assert found.champion.incomparable in found.verdict


def test_a_champion_may_have_its_classes_in_another_order(model_info: ModelInfo) -> None:
    turned = scored(PERFECT.probabilities[:, ::-1], "turned", ("motorcycle", "bicycle"))
    champion = judge(model_info, champion=turned).champion
    assert champion is not None
    assert champion.measurements is not None
    assert champion.measurements.accuracy == 1.0
