"""What a baseline says of training images and of the model's answers."""

import pandas as pd

from monitoring.drift.baseline import suggest_baseline

IMAGES = pd.DataFrame({"brightness": [0.25, 0.75], "class": ["bicycle", "motorcycle"]})


def test_answers_have_statistics_and_no_constraints() -> None:
    answers = pd.DataFrame({"confidence": [0.5, 1.0, 0.9]})
    found = suggest_baseline(IMAGES, answers)
    assert [each.name for each in found.statistics.features] == ["brightness", "class", "confidence"]
    assert [each.name for each in found.constraints.features] == ["brightness", "class"]
    assert found.statistics.dataset.item_count == 2


def test_a_baseline_needs_no_answers() -> None:
    found = suggest_baseline(IMAGES)
    assert [each.name for each in found.statistics.features] == ["brightness", "class"]
    assert found.constraints == suggest_baseline(IMAGES, pd.DataFrame({"confidence": [0.5]})).constraints
