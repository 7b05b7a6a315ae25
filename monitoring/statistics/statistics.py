"""Statistics of captured photos, and of tables, in Model Monitor's shape."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from monitoring.features.pixels import IMAGE_FEATURES
from monitoring.profiles.making import CATEGORICAL
from monitoring.profiles.profile import Counts
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
from monitoring.summaries.numbers import Numbers, bounds

NUMERICAL = ("confidence", "other", "upright", "threshold", *IMAGE_FEATURES, "width", "height")
BUCKETS = 10  # as the prebuilt Model Monitor's


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
