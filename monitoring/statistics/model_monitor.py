"""Model Monitor's shapes: the contents of `statistics.json` and `constraints.json`, as they are read and written.

Schemas: "Schema for Statistics (statistics.json file)" and "Schema for Constraints (constraints.json file)", Amazon
SageMaker Developer Guide.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of the two files; keys that nobody here needs are passed over."""

    model_config = ConfigDict(frozen=True)

    def to_json(self) -> dict[str, Any]:
        """The part as it is written; what is unknown is left out."""
        return self.model_dump(exclude_none=True)


class Bucket(Part):
    """How many values lie from one bound to the other; the upper one belongs to the last bucket only."""

    lower_bound: float
    upper_bound: float
    count: int = Field(ge=0)


class Sketch(Part):
    """Buckets from the smallest to the largest value."""

    buckets: tuple[Bucket, ...] = Field(min_length=1)


class NumericalDistribution(Part):
    """A number's distribution."""

    kll: Sketch


class Common(Part):
    """How many rows have a value."""

    num_present: int = Field(ge=0)
    num_missing: int = Field(ge=0)


class NumericalStatistics(Part):
    """What a number is like; a column without values has counts only. `std_dev` is the population's."""

    common: Common
    mean: float | None = None
    sum: float | None = None
    std_dev: float | None = None
    min: float | None = None
    max: float | None = None
    distribution: NumericalDistribution | None = None


class Value(Part):
    """How often a text occurs."""

    value: str
    count: int = Field(ge=0)


class Values(Part):
    """The texts that occur."""

    buckets: tuple[Value, ...]


class StringDistribution(Part):
    """A text's distribution."""

    categorical: Values


class StringStatistics(Part):
    """What a text is like."""

    common: Common
    distinct_count: int | float | None = None  # the prebuilt Model Monitor estimates it
    distribution: StringDistribution


class Feature(Part):
    """A column: a number or a text."""

    name: str
    inferred_type: str | None = None
    numerical_statistics: NumericalStatistics | None = None
    string_statistics: StringStatistics | None = None


class Dataset(Part):
    """How many rows there are."""

    item_count: int


class Statistics(Part):
    """The content of `statistics.json`."""

    version: float = 0
    dataset: Dataset | None = None
    features: tuple[Feature, ...]


class NumericalConstraints(Part):
    """What a number must be."""

    is_non_negative: bool


class StringConstraints(Part):
    """The values that a text may have."""

    domains: tuple[str, ...]


class FeatureConstraints(Part):
    """What a column must satisfy."""

    name: str
    completeness: float = Field(1.0, ge=0, le=1)
    inferred_type: str | None = None
    num_constraints: NumericalConstraints | None = None
    string_constraints: StringConstraints | None = None


class DistributionConstraints(Part):
    """How far, measured how, a distribution may be from the baseline's."""

    perform_comparison: Literal["Enabled", "Disabled"] = "Enabled"
    comparison_threshold: float = 0.1
    comparison_method: Literal["Robust", "Simple"] = "Robust"
    categorical_comparison_threshold: float = 0.1
    categorical_drift_method: Literal["LInfinity"] = "LInfinity"


class MonitoringConfig(Part):
    """What is checked, and where it becomes a violation."""

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
