"""Captured photos beside the training images' baseline, which DescribeData writes, and beside the days before."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from profiled import counts_of, period_of

from monitoring.analyze import analyze
from monitoring.drift.baseline import Baseline, read_baseline, suggest_baseline
from monitoring.drift.comparison import Comparison, Drift, compare, find_drift, violations
from monitoring.errors import InvalidBaselineError
from monitoring.features.pixels import IMAGE_FEATURES
from monitoring.options import Options
from monitoring.profiles.shelf import Period
from monitoring.statistics.model_monitor import (
    Constraints,
    DistributionConstraints,
    FeatureConstraints,
    MonitoringConfig,
    NumericalConstraints,
    Statistics,
    StringConstraints,
)
from monitoring.statistics.statistics import numerical_feature, string_feature

CLASSES = ("bicycle", "motorcycle")
ROWS = 400
NO_ANSWERS = pd.DataFrame()


def sample(rng: np.random.Generator, rows: int, brightness: float = 0.5, bicycles: float = 0.5) -> pd.DataFrame:
    """Columns as DescribeData has them."""
    columns = {
        "brightness": rng.normal(brightness, 0.1, rows).clip(0, 1),
        "contrast": rng.uniform(0.1, 0.3, rows),
        "saturation": rng.uniform(0, 1, rows),
        "sharpness": rng.uniform(0, 0.2, rows),
    }
    return pd.DataFrame({**columns, "predicted": np.where(rng.random(rows) < bicycles, *CLASSES)})


def write_baseline(folder: Path, columns: pd.DataFrame) -> Path:
    """The files that DescribeData writes."""
    folder.mkdir(parents=True, exist_ok=True)
    suggested = suggest_baseline(columns, NO_ANSWERS)
    (folder / "statistics.json").write_text(json.dumps(suggested.statistics.to_json()))
    (folder / "constraints.json").write_text(json.dumps(suggested.constraints.to_json()))
    return folder


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.fixture
def baseline(tmp_path: Path, rng: np.random.Generator) -> Baseline:
    found = read_baseline(write_baseline(tmp_path / "baseline", sample(rng, ROWS)))
    assert found is not None
    return found


def checks(found: Drift) -> set[tuple[str, str]]:
    return {(violation.feature_name, violation.constraint_check_type) for violation in found.violations}


def test_photos_like_the_training_images_do_not_drift(baseline: Baseline, rng: np.random.Generator) -> None:
    found = find_drift(period_of(counts_of(sample(rng, ROWS))), baseline)
    assert [each.feature for each in found.training or []] == [
        "brightness", "contrast", "saturation", "sharpness", "predicted",
    ]  # fmt: skip
    assert found.drifted == []
    assert found.document == {"violations": []}


def test_darker_photos_and_other_classes_do(baseline: Baseline, rng: np.random.Generator) -> None:
    found = find_drift(period_of(counts_of(sample(rng, ROWS, brightness=0.3, bicycles=0.9))), baseline)
    assert found.drifted == ["brightness", "predicted"]
    assert checks(found) == {("brightness", "baseline_drift_check"), ("predicted", "baseline_drift_check")}
    assert set(found.document["violations"][0]) == {"feature_name", "constraint_check_type", "description"}
    assert "exceeds threshold: 0.1" in found.violations[0].description


def test_a_few_photos_are_no_proof_of_drift(baseline: Baseline, rng: np.random.Generator) -> None:
    few = period_of(counts_of(sample(rng, 12, brightness=0.45)))
    assert find_drift(few, baseline).drifted == []
    limits = {"distribution_constraints": {"comparison_method": "Simple"}}
    simple = Constraints.model_validate({"monitoring_config": limits})
    assert "brightness" in find_drift(few, Baseline(statistics=baseline.statistics, constraints=simple)).drifted


def test_the_distance_is_kolmogorov_smirnovs(tmp_path: Path, rng: np.random.Generator) -> None:
    known, captured = sample(rng, ROWS), sample(rng, 300, brightness=0.6)
    found = read_baseline(write_baseline(tmp_path, known))
    assert found is not None
    limits = {"distribution_constraints": {"comparison_method": "Simple"}}
    simple = Baseline(
        statistics=found.statistics, constraints=Constraints.model_validate({"monitoring_config": limits})
    )
    bounds = np.linspace(known["brightness"].min(), known["brightness"].max(), 11)[1:-1]  # type: ignore[type-var]
    shares = [[(values["brightness"] < bound).mean() for bound in bounds] for values in (known, captured)]
    inside = np.abs(np.subtract(*shares)).max()
    (first, *_) = find_drift(period_of(counts_of(captured)), simple).training or []
    assert first.distance == pytest.approx(inside, abs=0.002)


def test_classes_that_the_baseline_lacks(baseline: Baseline, rng: np.random.Generator) -> None:
    columns = sample(rng, ROWS)
    columns["predicted"] = np.where(rng.random(ROWS) < 0.2, "bus", columns["predicted"])
    found = find_drift(period_of(counts_of(columns)), baseline)
    assert ("predicted", "categorical_values_check") in checks(found)
    assert any("bus" in violation.description for violation in found.violations)


def test_images_that_cannot_be_read_are_incomplete(baseline: Baseline, rng: np.random.Generator) -> None:
    columns = sample(rng, ROWS)
    columns["brightness"] = np.where(np.arange(ROWS) < 4, np.nan, columns["brightness"].astype(np.float64))
    found = checks(find_drift(period_of(counts_of(columns)), baseline))
    assert found == {(name, "completeness_check") for name in IMAGE_FEATURES}


def test_a_column_that_captures_have_not(baseline: Baseline, rng: np.random.Generator) -> None:
    known = sample(rng, ROWS).assign(weight=rng.uniform(0, 1, ROWS))
    more = Baseline(statistics=baseline.statistics, constraints=suggest_baseline(known, NO_ANSWERS).constraints)
    assert checks(find_drift(period_of(counts_of(sample(rng, ROWS))), more)) == {("weight", "missing_column_check")}


def test_the_last_day_is_compared_with_the_days_before(rng: np.random.Generator) -> None:
    days = [counts_of(sample(rng, 200), f"2026-03-0{day}") for day in (1, 2)]
    dark = counts_of(sample(rng, 200, brightness=0.3), "2026-03-03")
    found = find_drift(period_of(*days, dark), None)
    assert (found.training, found.day) == (None, "2026-03-03")
    assert [each.feature for each in found.before or [] if each.drifted] == ["brightness"]
    assert find_drift(period_of(dark), None).before is None
    assert find_drift(Period(), None) == Drift(None, [], None, None)


def test_nothing_captured_violates_nothing(baseline: Baseline) -> None:
    assert find_drift(Period(), baseline) == Drift([], [], None, None)


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


def test_the_report_says_what_drifted(captures: Path, tmp_path: Path, rng: np.random.Generator) -> None:
    folder = write_baseline(tmp_path / "baseline", sample(rng, ROWS, brightness=0.05))
    (folder / "constraints.json").write_text(
        json.dumps({"monitoring_config": {"distribution_constraints": {"comparison_method": "Simple"}}})
    )
    analyze(captures, tmp_path / "out", Options(CLASSES, 0.93, baseline=folder))
    text = (tmp_path / "out" / "report.html").read_text()
    assert "from the training data" in text
    found = json.loads((tmp_path / "out" / "constraint_violations.json").read_text())["violations"]
    assert "brightness" in {violation["feature_name"] for violation in found}
    assert all(violation["description"] in text for violation in found)


def test_the_report_says_where_there_is_no_baseline(
    record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    write_lines(tmp_path / "x.jsonl", record(1, [0.95, 0.05]))
    analyze(tmp_path, tmp_path / "out", Options(CLASSES, 0.93))
    text = (tmp_path / "out" / "report.html").read_text()
    assert "Not compared: there is no drift baseline" in text
    assert "Not compared: everything was captured on one day" in text
    assert json.loads((tmp_path / "out" / "constraint_violations.json").read_text()) == {"violations": []}


def test_the_robust_distance_takes_off_what_chance_explains() -> None:
    """Shares 50 % and 90 % differ by 0.4; chance explains 1.8 * sqrt((100 + 50) / (100 * 50)) = 0.3118 of that."""
    known = string_feature("predicted", pd.Series(["bicycle", "motorcycle"] * 50))
    captured = pd.DataFrame({"predicted": ["bicycle"] * 45 + ["motorcycle"] * 5})
    (found,) = compare([known], counts_of(captured), DistributionConstraints())
    assert found.distance == pytest.approx(0.0882, abs=1e-4)
    assert found.reference == "bicycle 50\N{NARROW NO-BREAK SPACE}%, motorcycle 50\N{NARROW NO-BREAK SPACE}%"
    assert found.captured == "bicycle 90\N{NARROW NO-BREAK SPACE}%, motorcycle 10\N{NARROW NO-BREAK SPACE}%"


SIMPLE = DistributionConstraints(comparison_method="Simple")
ELEVEN_NUMBERS = numerical_feature("confidence", pd.Series(range(11)))


def test_the_last_bucket_holds_the_largest_value_of_the_reference() -> None:
    """Of 0 to 10, nine of eleven numbers are below the last bucket, [9, 10], which all of the captures are in."""
    (found,) = compare([ELEVEN_NUMBERS], counts_of(pd.DataFrame({"confidence": [10.0] * 4})), SIMPLE)
    assert found.distance == pytest.approx(9 / 11)
    assert (found.reference, found.captured) == ("5.000 ± 3.162", "10.000 ± 0.000")


def test_a_class_that_the_reference_lacks_counts_with_its_whole_share() -> None:
    known = string_feature("predicted", pd.Series(["bicycle", "motorcycle"]))
    captured = pd.DataFrame({"predicted": ["bicycle", "motorcycle"] + ["van"] * 6})
    (found,) = compare([known], counts_of(captured), SIMPLE)
    assert found.distance == pytest.approx(0.75)


def test_features_without_values_are_left_out_and_the_others_compared() -> None:
    missing = numerical_feature("brightness", pd.Series([1.0, 2.0]))
    unknown = string_feature("predicted", pd.Series([None], dtype="object"))
    captured = counts_of(pd.DataFrame({"confidence": [1.0], "predicted": ["bicycle"]}))
    compared = compare([missing, unknown, ELEVEN_NUMBERS], captured, SIMPLE)
    assert [(each.feature, each.distance is None) for each in compared] == [("confidence", False), ("predicted", True)]


def test_what_the_reference_lacks_is_named_and_never_drifts() -> None:
    captured = pd.DataFrame({"confidence": [10.0] * 3, "other": [0.2, 0.4, None], "predicted": [None] * 3})
    captured["decision"] = ["low_confidence", "low_confidence", "accepted"]
    confidence, other, decision = compare([ELEVEN_NUMBERS], counts_of(captured), SIMPLE)
    assert (confidence.feature, confidence.distance is None) == ("confidence", False)
    assert (other.feature, other.reference, other.captured) == ("other", "–", "0.300 ± 0.100")
    assert (decision.feature, decision.captured) == ("decision", "low_confidence 67\u202f%, accepted 33\u202f%")
    assert other.threshold == SIMPLE.comparison_threshold
    assert not other.drifted
    assert not decision.drifted


@pytest.mark.parametrize("lacking", [{"mean": None}, {"std_dev": None}])
def test_a_reference_whose_moments_are_not_known_is_compared_all_the_same(lacking: dict[str, None]) -> None:
    numbers = ELEVEN_NUMBERS.numerical_statistics
    assert numbers is not None
    partly = ELEVEN_NUMBERS.model_copy(update={"numerical_statistics": numbers.model_copy(update=lacking)})
    (found,) = compare([partly], counts_of(pd.DataFrame({"confidence": [10.0] * 4})), SIMPLE)
    assert (found.reference, found.distance) == ("–", pytest.approx(9 / 11))


def test_something_else_is_compared_where_the_reference_knows_it() -> None:
    known = numerical_feature("other", pd.Series(np.linspace(0, 0.1, 11)))
    (other,) = compare([known], counts_of(pd.DataFrame({"other": [0.9, 0.8]})), SIMPLE)
    assert (other.distance, other.drifted) == (1.0, True)
    assert compare([known], counts_of(pd.DataFrame({"other": [None, None]})), SIMPLE) == []  # an older model answers


def test_a_day_of_a_new_model_after_days_of_an_old_one(rng: np.random.Generator) -> None:
    old, new = counts_of(sample(rng, 20)), counts_of(sample(rng, 20).assign(other=0.1), day="2026-03-02")
    found = {each.feature: each.distance for each in find_drift(period_of(old, new), None).before or []}
    assert found["other"] is None
    assert found["brightness"] is not None


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


def test_a_distance_as_large_as_the_threshold_is_no_drift() -> None:
    assert not Comparison("contrast", "", "", distance=0.1, threshold=0.1).drifted
    assert Comparison("contrast", "", "", distance=0.11, threshold=0.1).drifted


def test_a_baseline_that_says_nothing_is_checked_as_by_the_prebuilt_model_monitor() -> None:
    config = Constraints.model_validate({}).monitoring_config
    limits = config.distribution_constraints
    assert (limits.perform_comparison, limits.comparison_method) == ("Enabled", "Robust")
    assert (limits.comparison_threshold, limits.categorical_comparison_threshold) == (0.1, 0.1)
    assert config.domain_content_threshold == 0.1


def test_nothing_is_compared_where_the_constraints_disable_it() -> None:
    disabled = DistributionConstraints(perform_comparison="Disabled")
    assert compare([ELEVEN_NUMBERS], counts_of(pd.DataFrame({"confidence": [10.0]})), disabled) == []


def found_violations(constraint: FeatureConstraints, captured: pd.DataFrame, allowed: float = 0.1) -> list[str]:
    """Descriptions of the violations of one constraint."""
    monitoring = MonitoringConfig(domain_content_threshold=allowed)
    limits = Constraints(features=(constraint,), monitoring_config=monitoring)
    baseline = Baseline(statistics=Statistics(features=()), constraints=limits)
    return [each.description for each in violations(baseline, counts_of(captured), [])]


def test_violations_say_what_was_found() -> None:
    captured = pd.DataFrame({"predicted": ["bicycle", "bicycle", "van", "bus", None]})
    assert found_violations(FeatureConstraints(name="weight"), captured) == [
        "The baseline has this column, the captures do not"
    ]
    assert found_violations(FeatureConstraints(name="predicted"), captured) == [
        "Data completeness: 80.00% is less than the constraint: 100.00%"
    ]
    domain = StringConstraints(domains=("bicycle",))
    known = FeatureConstraints(name="predicted", completeness=0.8, string_constraints=domain)
    assert found_violations(known, captured) == ["50.00% of the values are not in the baseline: bus, van"]
    assert found_violations(known, captured, allowed=0.5) == []
