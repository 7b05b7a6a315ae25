"""Summarises captured photos: an overview for people, and statistics in Model Monitor's shape for programs."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from jobs.pages import listed
from monitoring.features.pixels import IMAGE_FEATURES
from monitoring.profiles.making import CATEGORICAL
from monitoring.profiles.numbers import Numbers, bounds
from monitoring.profiles.profile import UNDECIDED, Counts, Profile
from monitoring.statistics.model_monitor import (
    Bucket,
    Common,
    Dataset,
    Feature,
    NumericalDistribution,
    NumericalStatistics,
    Sketch,
    Statistics,
    StringDistribution,
    StringStatistics,
    Value,
    Values,
)

# The decisions that send a photo to a person, and all of them with the photos that have none, in words.
REVIEWED = {"low_confidence": "not sure enough", "not_a_known_vehicle": "no known vehicle"}
DECISIONS = {"accepted": "decided automatically", **REVIEWED, UNDECIDED: "no answer"}
NUMERICAL = ("confidence", "other", "threshold", *IMAGE_FEATURES, "width", "height")
BUCKETS = 10  # as the prebuilt Model Monitor's


@dataclass(frozen=True)
class Overview:
    """The most important counts. `first` and `last` are times of capture in UTC, None without photos."""

    photos: int
    distinct_photos: int
    accepted: int
    low_confidence: int
    not_a_known_vehicle: int
    undecided: int
    unreadable_photos: int
    unusable_lines: int
    unreadable_files: int
    duplicates: int
    files: int
    classes: dict[str, int]
    model_versions: dict[str, int]
    thresholds: tuple[float, ...]
    first: datetime | None
    last: datetime | None
    synthetic: bool

    @property
    def decided(self) -> int:
        """Photos for which an answer was captured."""
        return self.accepted + self.for_review

    @property
    def for_review(self) -> int:
        """Photos that a person looks at, for either reason."""
        return self.low_confidence + self.not_a_known_vehicle

    @property
    def accepted_share(self) -> float:
        """Share of the answered photos at or above the threshold; NaN if there are none."""
        return self.accepted / self.decided if self.decided else math.nan

    @property
    def verdict(self) -> str:
        """The sentence at the top of the report."""
        bad = _unreadable(self)
        if not self.photos:
            wrong = self.unusable_lines or self.unreadable_files
            return f"Nothing was captured; {bad}" if wrong else "Nothing was captured"
        parts = [f"{self.photos:,} {'photo' if self.photos == 1 else 'photos'}"]
        if self.decided:
            parts.append(f"{self.accepted:,} decided automatically ({self.accepted_share:.0%})".replace("%", " %"))
            unknown = f" ({self.not_a_known_vehicle:,} no known vehicle)" if self.not_a_known_vehicle else ""
            parts.append(f"{self.for_review:,} for review{unknown}")
        if self.undecided:
            parts.append(f"{self.undecided:,} without an answer")
        return f"{', '.join(parts)}; {bad}"


def overview(profile: Profile, files: int) -> Overview:
    """The most important counts of a profile of so many files."""
    counts, problems = profile.counts, profile.counts.problems
    return Overview(
        photos=counts.photos,
        distinct_photos=profile.samples.distinct,
        accepted=counts.decided("accepted"),
        low_confidence=counts.decided("low_confidence"),
        not_a_known_vehicle=counts.decided("not_a_known_vehicle"),
        undecided=counts.decided(UNDECIDED),
        unreadable_photos=counts.tally("status").get("unreadable", 0),
        unusable_lines=problems.lines,
        unreadable_files=problems.files,
        duplicates=counts.duplicates,
        files=files,
        classes={**dict.fromkeys(class_names(counts), 0), **counts.tally("predicted")},
        model_versions=dict(counts.tally("model_version")),
        thresholds=tuple(sorted(counts.thresholds)),
        first=counts.first,
        last=counts.last,
        synthetic=counts.synthetic,
    )


def class_names(counts: Counts) -> list[str]:
    """All classes of the answers, in their order, including those that were never predicted."""
    return list(dict.fromkeys(name for labels in counts.labels for name in labels.names))


def per_day(counts: Counts) -> list[dict[str, Any]]:
    """Photos by day (UTC, `yyyy-mm-dd`) and decision; days without photos are left out."""
    found: dict[str, dict[str, Any]] = {}
    for hour, tally in sorted(counts.hours.items()):
        day = found.setdefault(hour[:10], {"day": hour[:10], **dict.fromkeys(DECISIONS, 0)})
        for decision, count in tally.items():
            day[decision] += count
    return list(found.values())


def statistics(counts: Counts) -> Statistics:
    """The statistics that `statistics.json` contains."""
    hours = {hour: sum(tally.values()) for hour, tally in sorted(counts.hours.items())}
    days: dict[str, int] = {}
    for hour, count in hours.items():
        days[hour[:10]] = days.get(hour[:10], 0) + count
    features = (
        *features_of(counts, (*NUMERICAL, *CATEGORICAL)),
        _texts("inference_hour", hours, counts.photos),
        _texts("inference_day", days, counts.photos),
    )
    return Statistics(dataset=Dataset(item_count=counts.photos), features=features)


def features_of(counts: Counts, names: Iterable[str]) -> tuple[Feature, ...]:
    """Statistics of columns of a profile."""
    return tuple(
        _texts(name, counts.tally(name), counts.photos)
        if name in CATEGORICAL
        else _numbers(name, counts.column(name) or Numbers(), counts.present(name), counts.photos)
        for name in names
    )


def describe(table: pd.DataFrame) -> Statistics:
    """The statistics of each column of a table."""
    features = tuple(_feature(str(name), table[name]) for name in table)
    return Statistics(dataset=Dataset(item_count=len(table)), features=features)


def is_number(column: pd.Series) -> bool:
    """Whether a column contains numbers; otherwise it contains texts."""
    return pd.api.types.is_numeric_dtype(column)


def _feature(name: str, column: pd.Series) -> Feature:
    return numerical_feature(name, column) if is_number(column) else string_feature(name, column)


def numerical_feature(name: str, column: pd.Series) -> Feature:
    """Statistics of a numerical column; one without values has counts only."""
    values = column.dropna().to_numpy(dtype=np.float64)
    found = NumericalStatistics(common=_common(column))
    if values.size:
        found = NumericalStatistics(
            common=_common(column),
            mean=float(values.mean()),
            sum=float(values.sum()),
            std_dev=float(values.std()),
            min=float(values.min()),
            max=float(values.max()),
            distribution=NumericalDistribution(kll=Sketch(buckets=_buckets(values))),
        )
    return Feature(name=name, inferred_type="Fractional", numerical_statistics=found)


def string_feature(name: str, column: pd.Series) -> Feature:
    """Statistics of a column of texts."""
    return _texts(name, counts(column), len(column))


def counts(column: pd.Series) -> dict[str, int]:
    """How often each value occurs, sorted by value; missing values are not counted."""
    return {str(value): int(count) for value, count in column.value_counts().sort_index().items()}


def _numbers(name: str, numbers: Numbers, present: int, photos: int) -> Feature:
    """Statistics of a column that so many of the photos have; the numbers may be those of a sample of them."""
    common = Common(num_present=present, num_missing=photos - present)
    found = NumericalStatistics(common=common)
    if numbers.count:
        found = NumericalStatistics(
            common=common,
            mean=numbers.mean,
            sum=numbers.sum * present / numbers.count,
            std_dev=numbers.deviation,
            min=numbers.least,
            max=numbers.most,
            distribution=NumericalDistribution(kll=Sketch(buckets=_exact_buckets(numbers, present))),
        )
    return Feature(name=name, inferred_type="Fractional", numerical_statistics=found)


def _exact_buckets(numbers: Numbers, present: int) -> tuple[Bucket, ...]:
    """About ten buckets of equal width, at bounds of the profile's bins, so that their counts are exact."""
    least, most = float(numbers.least or 0), float(numbers.most or 0)
    grid = bounds(numbers.scale)
    near = grid[np.searchsorted(grid, np.linspace(least, most, BUCKETS + 1)[1:-1]).clip(max=len(grid) - 1)]
    edges = [least, *np.unique(near[(near > least) & (near < most)]).tolist(), most]
    below = np.rint(np.array([*numbers.below(edges[:-1]), numbers.count]) * present / numbers.count).tolist()
    return tuple(
        Bucket(lower_bound=lower, upper_bound=upper, count=round(after - before))
        for (lower, upper), (before, after) in zip(pairwise(edges), pairwise(below), strict=True)
    )


def _texts(name: str, found: Mapping[str, int], photos: int) -> Feature:
    buckets = tuple(Value(value=value, count=count) for value, count in found.items())
    present = sum(found.values())
    described = StringStatistics(
        common=Common(num_present=present, num_missing=photos - present),
        distinct_count=len(found),
        distribution=StringDistribution(categorical=Values(buckets=buckets)),
    )
    return Feature(name=name, inferred_type="String", string_statistics=described)


def _common(column: pd.Series) -> Common:
    missing = int(column.isna().sum())
    return Common(num_present=len(column) - missing, num_missing=missing)


def _buckets(values: np.ndarray) -> tuple[Bucket, ...]:
    """Equal-width buckets from the smallest to the largest value."""
    heights, edges = np.histogram(values, bins=BUCKETS)
    return tuple(
        Bucket(lower_bound=float(lower), upper_bound=float(upper), count=int(count))
        for lower, upper, count in zip(edges[:-1], edges[1:], heights, strict=True)
    )


def _unreadable(found: Overview) -> str:
    """The end of the verdict: how many photos, lines and files could not be read."""
    named = [(found.unreadable_photos, "photo"), (found.unusable_lines, "line"), (found.unreadable_files, "file")]
    parts = [f"{count:,} {what}{'' if count == 1 else 's'}" for count, what in named if count]
    return f"{listed(parts)} unreadable" if parts else "nothing unreadable"
