"""Summarises captured photos: an overview for people, and statistics in Model Monitor's shape for programs."""

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from jobs.pages import listed
from monitoring.captures.capture import Captures
from monitoring.features.pixels import IMAGE_FEATURES
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

NUMERICAL = ("confidence", "other", "threshold", *IMAGE_FEATURES, "width", "height")
CATEGORICAL = ("predicted", "decision", "status", "content_type", "model_version", "inference_hour", "inference_day")
# The decisions that send a photo to a person, and all of them with the photos that have none, in words.
REVIEWED = {"low_confidence": "not sure enough", "not_a_known_vehicle": "no known vehicle"}
DECISIONS = {"accepted": "decided automatically", **REVIEWED, "undecided": "no answer"}
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


def overview(captures: Captures) -> Overview:
    """Counts the captured photos."""
    photos = captures.photos
    decisions = counts(photos["decision"])
    return Overview(
        photos=len(photos),
        distinct_photos=photos["image_digest"].nunique(),
        accepted=decisions.get("accepted", 0),
        low_confidence=decisions.get("low_confidence", 0),
        not_a_known_vehicle=decisions.get("not_a_known_vehicle", 0),
        undecided=int(photos["decision"].isna().sum()),
        unreadable_photos=int((photos["status"] == "unreadable").sum()),
        unusable_lines=len(captures.unusable_lines),
        unreadable_files=len(captures.unreadable_files),
        duplicates=captures.duplicates,
        files=len(captures.files),
        classes=dict.fromkeys(class_names(photos), 0) | counts(photos["predicted"]),
        model_versions=counts(photos["model_version"]),
        thresholds=tuple(sorted(photos["threshold"].dropna().unique().tolist())),
        first=None if photos.empty else photos["time"].min().to_pydatetime(),
        last=None if photos.empty else photos["time"].max().to_pydatetime(),
        synthetic=bool(photos["synthetic"].fillna(value=False).any()),
    )


def class_names(photos: pd.DataFrame) -> list[str]:
    """All classes of the answers, in their order, including those that were never predicted."""
    return list(dict.fromkeys(name for labels in photos["labels"].dropna() for name in labels))


def counts(column: pd.Series) -> dict[str, int]:
    """How often each value occurs, sorted by value; missing values are not counted."""
    return {str(value): int(count) for value, count in column.value_counts().sort_index().items()}


def per_day(photos: pd.DataFrame) -> pd.DataFrame:
    """Counts photos by day (UTC, `yyyy-mm-dd`) and decision; days without photos are left out."""
    days = photos["time"].dt.strftime("%Y-%m-%d").rename("day")
    table = pd.crosstab(days, photos["decision"].fillna("undecided"))
    return table.reindex(columns=list(DECISIONS), fill_value=0)


def statistics(photos: pd.DataFrame) -> Statistics:
    """The statistics that `statistics.json` contains."""
    times = photos["time"].dt
    periods = photos.assign(
        inference_hour=times.strftime("%Y-%m-%dT%HZ").astype("string"),
        inference_day=times.strftime("%Y-%m-%d").astype("string"),
    )
    return describe(periods[[*NUMERICAL, *CATEGORICAL]])


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
    found = counts(column)
    buckets = tuple(Value(value=value, count=count) for value, count in found.items())
    described = StringStatistics(
        common=_common(column),
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
