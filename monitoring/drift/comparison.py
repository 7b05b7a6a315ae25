"""Measures how far captured photos are from a reference, and finds violated constraints.

The distance is the one of Deequ, which the prebuilt Model Monitor uses: the largest difference between two cumulative
distributions, or between two shares for texts. The method "Robust" subtracts what chance alone could cause in samples
of n and m values, by the two-sample Kolmogorov–Smirnov test: `1.8 * sqrt((n + m) / (n * m))`.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from jobs.pages import percent
from monitoring.drift.baseline import Baseline
from monitoring.features.pixels import IMAGE_FEATURES
from monitoring.statistics.model_monitor import (
    Bucket,
    DistributionConstraints,
    Feature,
    FeatureConstraints,
    NumericalStatistics,
    StringStatistics,
)
from monitoring.statistics.statistics import describe, is_number

CHANCE = 1.8
NOTHING = "–"
COMPARED = [*IMAGE_FEATURES, "confidence", "other", "predicted", "decision"]  # what a reference should have


@dataclass(frozen=True)
class Comparison:
    """One feature of the captured photos compared with a reference; `reference` and `captured` are texts to show.

    `distance` is None where the reference lacks the feature.
    """

    feature: str
    reference: str
    captured: str
    distance: float | None
    threshold: float

    @property
    def drifted(self) -> bool:
        """Whether the distance exceeds the threshold."""
        return self.distance is not None and self.distance > self.threshold


@dataclass(frozen=True)
class Violation:
    """An entry of `constraint_violations.json`; the fields are its keys."""

    feature_name: str
    constraint_check_type: str
    description: str


@dataclass(frozen=True)
class Drift:
    """All comparisons of the captured photos.

    `training` compares them with the training images, `before` compares the last day with the days before it. Either is
    None if there is nothing to compare with. `day` is the last day (UTC) on which something was captured.
    """

    training: list[Comparison] | None
    violations: list[Violation]
    before: list[Comparison] | None
    day: str | None

    @property
    def drifted(self) -> list[str]:
        """Names of the features that differ from the training images."""
        return [each.feature for each in self.training or [] if each.drifted]

    @property
    def document(self) -> dict[str, Any]:
        """The content of `constraint_violations.json`."""
        return {"violations": [asdict(violation) for violation in self.violations]}


def find_drift(photos: pd.DataFrame, baseline: Baseline | None) -> Drift:
    """Compares the photos with the baseline, if there is one, and their last day with the days before."""
    training = None
    found: list[Violation] = []
    if baseline is not None:
        limits = baseline.constraints.monitoring_config.distribution_constraints
        training = compare(baseline.statistics.features, photos, limits)
        found = violations(baseline, photos, training)
    days = photos["time"].dt.strftime("%Y-%m-%d")
    day = None if photos.empty else str(days.iloc[-1])
    return Drift(training, found, _before(photos[days != day], photos[days == day]), day)


def _before(before: pd.DataFrame, latest: pd.DataFrame) -> list[Comparison] | None:
    if before.empty:
        return None
    return compare(describe(before[COMPARED]).features, latest, DistributionConstraints())


def compare(features: Sequence[Feature], photos: pd.DataFrame, limits: DistributionConstraints) -> list[Comparison]:
    """Compares each feature of a reference with the same column of `photos`; skips features without values.

    The last ones are those that the reference lacks.
    """
    if limits.perform_comparison == "Disabled":
        return []
    found = []
    for feature in features:
        if feature.name not in photos or photos[feature.name].isna().all():
            continue
        values = photos[feature.name].dropna()
        numbers, texts = feature.numerical_statistics, feature.string_statistics
        if numbers and numbers.distribution:
            found.append(_numbers(feature.name, numbers, numbers.distribution.kll.buckets, values.to_numpy(), limits))
        elif texts and texts.common.num_present:
            found.append(_texts(feature.name, texts, values, limits))
    return [*found, *_lacking({each.feature for each in found}, photos, limits)]


def _lacking(known: Collection[str], photos: pd.DataFrame, limits: DistributionConstraints) -> list[Comparison]:
    """The features that captured photos have and the reference lacks, such as those of a model's answers."""
    columns = [photos[name].dropna() for name in COMPARED if name in photos and name not in known]
    return [
        Comparison(str(values.name), NOTHING, _described(values), None, limits.comparison_threshold)
        for values in columns
        if not values.empty
    ]


def _described(values: pd.Series) -> str:
    return (
        _spread(values.mean(), values.std(ddof=0))
        if is_number(values)
        else _shares(values.value_counts(normalize=True))
    )


def violations(baseline: Baseline, photos: pd.DataFrame, comparisons: Sequence[Comparison]) -> list[Violation]:
    """The baseline's constraints that the photos violate; none if there are no photos."""
    if photos.empty:
        return []
    found = [
        Violation(
            each.feature,
            "baseline_drift_check",
            f"Baseline drift distance: {each.distance:.4g} exceeds threshold: {each.threshold:.4g}",
        )
        for each in comparisons
        if each.drifted
    ]
    allowed = baseline.constraints.monitoring_config.domain_content_threshold
    for constraint in baseline.constraints.features:
        if constraint.name not in photos:
            text = "The baseline has this column, the captures do not"
            found.append(Violation(constraint.name, "missing_column_check", text))
        else:
            found += [*_incomplete(constraint, photos), *_outside(constraint, photos, allowed)]
    return found


def _incomplete(constraint: FeatureConstraints, photos: pd.DataFrame) -> list[Violation]:
    complete = float(photos[constraint.name].notna().mean())
    if complete >= constraint.completeness:
        return []
    text = f"Data completeness: {complete:.2%} is less than the constraint: {constraint.completeness:.2%}"
    return [Violation(constraint.name, "completeness_check", text)]


def _outside(constraint: FeatureConstraints, photos: pd.DataFrame, allowed: float) -> list[Violation]:
    """Texts that are not in the baseline, if their share exceeds `allowed`, as in Model Monitor."""
    values = photos[constraint.name].dropna()
    if constraint.string_constraints is None or values.empty:
        return []
    strange = values[~values.isin(constraint.string_constraints.domains)]
    if len(strange) / len(values) <= allowed:
        return []
    named = ", ".join(sorted({str(value) for value in strange}))
    text = f"{len(strange) / len(values):.2%} of the values are not in the baseline: {named}"
    return [Violation(constraint.name, "categorical_values_check", text)]


def _numbers(
    name: str,
    known: NumericalStatistics,
    buckets: Sequence[Bucket],
    values: Any,  # noqa: ANN401 - numpy's array
    limits: DistributionConstraints,
) -> Comparison:
    """Compares numbers at the bounds of the reference's buckets, where both distributions are known exactly."""
    bounds = np.array([*(bucket.lower_bound for bucket in buckets), buckets[-1].upper_bound])
    expected = np.cumsum([0, *(bucket.count for bucket in buckets)]) / sum(bucket.count for bucket in buckets)
    below = np.searchsorted(np.sort(values), bounds)  # for each bound, how many values are smaller
    below[-1] = (values <= bounds[-1]).sum()
    distance = float(np.abs(below / len(values) - expected).max())
    return Comparison(
        feature=name,
        reference=_spread(known.mean, known.std_dev),
        captured=_spread(values.mean(), values.std()),
        distance=_robust(distance, known.common.num_present, len(values), limits),
        threshold=limits.comparison_threshold,
    )


def _texts(name: str, known: StringStatistics, values: pd.Series, limits: DistributionConstraints) -> Comparison:
    counted = {each.value: each.count for each in known.distribution.categorical.buckets}
    expected = pd.Series(counted) / sum(counted.values())
    shares = values.astype(str).value_counts(normalize=True)
    both = pd.DataFrame({"expected": expected, "captured": shares}).fillna(0.0)
    distance = float((both["captured"] - both["expected"]).abs().max())
    return Comparison(
        feature=name,
        reference=_shares(both["expected"]),
        captured=_shares(both["captured"]),
        distance=_robust(distance, known.common.num_present, len(values), limits),
        threshold=limits.categorical_comparison_threshold,
    )


def _robust(distance: float, known: int, captured: int, limits: DistributionConstraints) -> float:
    if limits.comparison_method == "Simple":
        return distance
    return max(0.0, distance - CHANCE * float(np.sqrt((known + captured) / (known * captured))))


def _spread(mean: float | None, deviation: float | None) -> str:
    return NOTHING if mean is None or deviation is None else f"{mean:.3f} ± {deviation:.3f}"


def _shares(column: pd.Series) -> str:
    return ", ".join(f"{value} {percent(share, 0)}" for value, share in column.items())
