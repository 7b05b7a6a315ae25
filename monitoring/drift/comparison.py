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
from monitoring.profiles.profile import Counts, Tally
from monitoring.profiles.shelf import Period
from monitoring.statistics.model_monitor import (
    Bucket,
    DistributionConstraints,
    Feature,
    FeatureConstraints,
    NumericalStatistics,
    StringStatistics,
)
from monitoring.statistics.statistics import features_of
from monitoring.summaries.numbers import Numbers

CHANCE = 1.8
NOTHING = "–"
COMPARED = [*IMAGE_FEATURES, "confidence", "other", "upright", "predicted", "decision"]  # what a reference should have


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


def find_drift(period: Period, baseline: Baseline | None) -> Drift:
    """Compares the photos with the baseline, if there is one, and their last day with the days before."""
    photos = period.profile.counts
    training = None
    found: list[Violation] = []
    if baseline is not None:
        limits = baseline.constraints.monitoring_config.distribution_constraints
        training = compare(baseline.statistics.features, photos, limits)
        found = violations(baseline, photos, training)
    return Drift(training, found, _before(period), period.day)


def _before(period: Period) -> list[Comparison] | None:
    if not period.before.photos:
        return None
    return compare(features_of(period.before, COMPARED), period.latest, DistributionConstraints())


def compare(features: Sequence[Feature], photos: Counts, limits: DistributionConstraints) -> list[Comparison]:
    """Compares each feature of a reference with the same column of the photos; skips features without values.

    The last ones are those that the reference lacks.
    """
    if limits.perform_comparison == "Disabled":
        return []
    found = []
    for feature in features:
        known, named = feature.numerical_statistics, feature.string_statistics
        numbers, tally = photos.column(feature.name), photos.tally(feature.name)
        if numbers and numbers.count and known and known.distribution:
            found.append(_numbers(feature.name, known, known.distribution.kll.buckets, numbers, limits))
        elif tally and named and named.common.num_present:
            found.append(_texts(feature.name, named, tally, limits))
    return [*found, *_lacking({each.feature for each in found}, photos, limits)]


def _lacking(known: Collection[str], photos: Counts, limits: DistributionConstraints) -> list[Comparison]:
    """The features that captured photos have and the reference lacks, such as those of a model's answers."""
    return [
        Comparison(name, NOTHING, _described(photos, name), None, limits.comparison_threshold)
        for name in COMPARED
        if name not in known and photos.present(name)
    ]


def _described(photos: Counts, name: str) -> str:
    numbers = photos.column(name)
    return _spread(numbers.mean, numbers.deviation) if numbers else _shares(_normalised(photos.tally(name)))


def violations(baseline: Baseline, photos: Counts, comparisons: Sequence[Comparison]) -> list[Violation]:
    """The baseline's constraints that the photos violate; none if there are no photos."""
    if not photos.photos:
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
        if constraint.name not in {*IMAGE_FEATURES, *photos.numbers, *photos.texts}:
            text = "The baseline has this column, the captures do not"
            found.append(Violation(constraint.name, "missing_column_check", text))
        else:
            found += [*_incomplete(constraint, photos), *_outside(constraint, photos, allowed)]
    return found


def _incomplete(constraint: FeatureConstraints, photos: Counts) -> list[Violation]:
    complete = photos.present(constraint.name) / photos.photos
    if complete >= constraint.completeness:
        return []
    text = f"Data completeness: {complete:.2%} is less than the constraint: {constraint.completeness:.2%}"
    return [Violation(constraint.name, "completeness_check", text)]


def _outside(constraint: FeatureConstraints, photos: Counts, allowed: float) -> list[Violation]:
    """Texts that are not in the baseline, if their share exceeds `allowed`, as in Model Monitor."""
    tally = photos.tally(constraint.name)
    if constraint.string_constraints is None or not tally:
        return []
    strange = {value: count for value, count in tally.items() if value not in constraint.string_constraints.domains}
    share = sum(strange.values()) / sum(tally.values())
    if share <= allowed:
        return []
    text = f"{share:.2%} of the values are not in the baseline: {', '.join(strange)}"
    return [Violation(constraint.name, "categorical_values_check", text)]


def _numbers(
    name: str,
    known: NumericalStatistics,
    buckets: Sequence[Bucket],
    numbers: Numbers,
    limits: DistributionConstraints,
) -> Comparison:
    """Compares numbers at the bounds of the reference's buckets, to about a thousandth."""
    bounds = np.array([*(bucket.lower_bound for bucket in buckets), buckets[-1].upper_bound])
    expected = np.cumsum([0, *(bucket.count for bucket in buckets)]) / sum(bucket.count for bucket in buckets)
    below = numbers.below([*bounds[:-1], np.nextafter(bounds[-1], np.inf)])  # the last bucket includes its bound
    distance = float(np.abs(below / numbers.count - expected).max())
    return Comparison(
        feature=name,
        reference=_spread(known.mean, known.std_dev),
        captured=_spread(numbers.mean, numbers.deviation),
        distance=_robust(distance, known.common.num_present, numbers.count, limits),
        threshold=limits.comparison_threshold,
    )


def _texts(name: str, known: StringStatistics, tally: Tally, limits: DistributionConstraints) -> Comparison:
    expected = _normalised({each.value: each.count for each in known.distribution.categorical.buckets})
    shares = _normalised(tally)
    both = pd.DataFrame({"expected": expected, "captured": shares}).fillna(0.0)
    distance = float((both["captured"] - both["expected"]).abs().max())
    return Comparison(
        feature=name,
        reference=_shares(both["expected"]),
        captured=_shares(both["captured"]),
        distance=_robust(distance, known.common.num_present, sum(tally.values()), limits),
        threshold=limits.categorical_comparison_threshold,
    )


def _robust(distance: float, known: int, captured: int, limits: DistributionConstraints) -> float:
    if limits.comparison_method == "Simple":
        return distance
    return max(0.0, distance - CHANCE * float(np.sqrt((known + captured) / (known * captured))))


def _normalised(tally: Tally) -> pd.Series:
    """The share of each text, the most frequent one first."""
    total = sum(tally.values())
    return pd.Series({text: tally[text] / total for text in sorted(tally, key=lambda text: -tally[text])})


def _spread(mean: float | None, deviation: float | None) -> str:
    return NOTHING if mean is None or deviation is None else f"{mean:.3f} ± {deviation:.3f}"


def _shares(column: pd.Series) -> str:
    return ", ".join(f"{value} {percent(share, 0)}" for value, share in column.items())
