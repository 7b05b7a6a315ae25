"""The contents of Model Monitor's files `statistics.json` and `constraints.json`.

Schemas: "Schema for Statistics (statistics.json file)" and "Schema for Constraints (constraints.json file)", Amazon
SageMaker Developer Guide.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of the two files. Keys that are not listed are ignored."""

    model_config = ConfigDict(frozen=True)

    def to_json(self) -> dict[str, Any]:
        """The part as JSON, without unknown values."""
        return self.model_dump(exclude_none=True)


class Bucket(Part):
    """How many values lie between two bounds. Only the last bucket includes its upper bound."""

    lower_bound: float
    upper_bound: float
    count: int = Field(ge=0)


class Sketch(Part):
    """Buckets from the smallest to the largest value."""

    buckets: tuple[Bucket, ...] = Field(min_length=1)


class NumericalDistribution(Part):
    """The distribution of a numerical column."""

    kll: Sketch


class Common(Part):
    """How many rows have a value, and how many have none."""

    num_present: int = Field(ge=0)
    num_missing: int = Field(ge=0)


class NumericalStatistics(Part):
    """Statistics of a numerical column; a column without values has counts only. `std_dev` is the population's."""

    common: Common
    mean: float | None = None
    sum: float | None = None
    std_dev: float | None = None
    min: float | None = None
    max: float | None = None
    distribution: NumericalDistribution | None = None


class Value(Part):
    """One text and how often it occurs."""

    value: str
    count: int = Field(ge=0)


class Values(Part):
    """The texts of a column and their counts."""

    buckets: tuple[Value, ...]


class StringDistribution(Part):
    """The distribution of a column of texts."""

    categorical: Values


class StringStatistics(Part):
    """Statistics of a column of texts."""

    common: Common
    distinct_count: int | float | None = None  # the prebuilt Model Monitor estimates it
    distribution: StringDistribution


class Feature(Part):
    """One column, with statistics of numbers or of texts."""

    name: str
    inferred_type: str | None = None
    numerical_statistics: NumericalStatistics | None = None
    string_statistics: StringStatistics | None = None


class Dataset(Part):
    """The number of rows."""

    item_count: int


class Statistics(Part):
    """The content of `statistics.json`."""

    version: float = 0
    dataset: Dataset | None = None
    features: tuple[Feature, ...]


class NumericalConstraints(Part):
    """Constraint on a numerical column."""

    is_non_negative: bool


class StringConstraints(Part):
    """The texts that a column may contain."""

    domains: tuple[str, ...]


class FeatureConstraints(Part):
    """Constraints on one column. `completeness` is the least share of rows with a value."""

    name: str
    completeness: float = Field(1.0, ge=0, le=1)
    inferred_type: str | None = None
    num_constraints: NumericalConstraints | None = None
    string_constraints: StringConstraints | None = None


class DistributionConstraints(Part):
    """How distances from the baseline are measured, and which are allowed."""

    perform_comparison: Literal["Enabled", "Disabled"] = "Enabled"
    comparison_threshold: float = 0.1
    comparison_method: Literal["Robust", "Simple"] = "Robust"
    categorical_comparison_threshold: float = 0.1
    categorical_drift_method: Literal["LInfinity"] = "LInfinity"


class MonitoringConfig(Part):
    """Which checks are made, and from where on a difference is a violation."""

    evaluate_constraints: Literal["Enabled", "Disabled"] = "Enabled"
    emit_metrics: Literal["Enabled", "Disabled"] = "Enabled"
    datatype_check_threshold: float = 0.1
    domain_content_threshold: float = 0.1
    distribution_constraints: DistributionConstraints = DistributionConstraints()


class Constraints(Part):
    """The content of `constraints.json`; the defaults are the prebuilt Model Monitor's."""

    version: float = 0
    features: tuple[FeatureConstraints, ...] = ()
    monitoring_config: MonitoringConfig = MonitoringConfig()
