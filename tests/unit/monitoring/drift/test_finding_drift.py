"""Captured photos beside the training images' baseline, which DescribeData writes, and beside the days before."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from profiled import counts_of, period_of
from unit.monitoring.drift.columns import CLASSES, ROWS, checks, sample, write_baseline

from monitoring.analyze import analyze
from monitoring.drift.baseline import Baseline, read_baseline
from monitoring.drift.comparison import Drift, find_drift
from monitoring.options import Options
from monitoring.profiles.shelf import Period
from monitoring.statistics.model_monitor import Constraints


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


def test_a_day_of_a_new_model_after_days_of_an_old_one(rng: np.random.Generator) -> None:
    old, new = counts_of(sample(rng, 20)), counts_of(sample(rng, 20).assign(other=0.1), day="2026-03-02")
    found = {each.feature: each.distance for each in find_drift(period_of(old, new), None).before or []}
    assert found["other"] is None
    assert found["brightness"] is not None
