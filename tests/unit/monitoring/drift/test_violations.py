"""Which constraints of a baseline captured photos violate."""

import numpy as np
import pandas as pd
from profiled import counts_of, period_of
from unit.monitoring.drift.columns import NO_ANSWERS, ROWS, checks, sample

from monitoring.drift.baseline import Baseline, suggest_baseline
from monitoring.drift.comparison import find_drift, violations
from monitoring.features.pixels import IMAGE_FEATURES
from monitoring.statistics.model_monitor import (
    Constraints,
    FeatureConstraints,
    MonitoringConfig,
    Statistics,
    StringConstraints,
)


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
