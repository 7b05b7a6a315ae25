"""What a baseline says of training images and of the model's answers, and which files hold one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from unit.monitoring.drift.columns import NO_ANSWERS, sample, write_baseline

from monitoring.drift.baseline import read_baseline, suggest_baseline
from monitoring.errors import InvalidBaselineError
from monitoring.statistics.model_monitor import Constraints, FeatureConstraints, NumericalConstraints

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


def test_a_folder_without_the_files_holds_no_baseline(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("No drift baseline is known.")
    assert read_baseline(tmp_path) is None


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("statistics.json", "{", "does not have Model Monitor's shape"),
        ("statistics.json", '{"features": [{"name": 3}]}', r"statistics.json' does not have .*: features.0.name"),
        ("constraints.json", '{"features": [{"name": "a", "completeness": 2}]}', r"features.0.completeness"),
        ("constraints.json", None, r"cannot read '.*constraints.json'"),
    ],
)
def test_a_broken_baseline_is_told(
    name: str, content: str | None, message: str, tmp_path: Path, rng: np.random.Generator
) -> None:
    path = write_baseline(tmp_path, sample(rng, 9)) / name
    path.unlink()
    if content is not None:
        path.write_text(content)
    with pytest.raises(InvalidBaselineError, match=message):
        read_baseline(tmp_path)


@pytest.mark.parametrize(
    ("values", "completeness", "non_negative"), [([0.0, 0.5], 1.0, True), ([-0.1, 0.5, None, 2.0], 0.75, False)]
)
def test_the_constraints_of_a_number(values: list[float | None], completeness: float, non_negative: bool) -> None:
    (suggested,) = suggest_baseline(pd.DataFrame({"contrast": values}), NO_ANSWERS).constraints.features
    assert suggested == FeatureConstraints(
        name="contrast",
        completeness=completeness,
        inferred_type="Fractional",
        num_constraints=NumericalConstraints(is_non_negative=non_negative),
    )


def test_the_constraints_of_a_text() -> None:
    texts = pd.DataFrame({"predicted": ["motorcycle", "bicycle", None, "bicycle"]}, dtype="string")
    (suggested,) = suggest_baseline(texts, NO_ANSWERS).constraints.features
    assert (suggested.name, suggested.completeness, suggested.inferred_type) == ("predicted", 0.75, "String")
    assert suggested.string_constraints is not None
    assert set(suggested.string_constraints.domains) == {"bicycle", "motorcycle"}
    assert suggested.num_constraints is None


def test_a_baseline_that_says_nothing_is_checked_as_by_the_prebuilt_model_monitor() -> None:
    config = Constraints.model_validate({}).monitoring_config
    limits = config.distribution_constraints
    assert (limits.perform_comparison, limits.comparison_method) == ("Enabled", "Robust")
    assert (limits.comparison_threshold, limits.categorical_comparison_threshold) == (0.1, 0.1)
    assert config.domain_content_threshold == 0.1
