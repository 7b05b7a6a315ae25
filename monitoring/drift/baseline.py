"""The drift baseline: statistics and constraints of the training images, as they are registered with a model package.

Schemas: "Schema for Statistics (statistics.json file)" and "Schema for Constraints (constraints.json file)", Amazon
SageMaker Developer Guide.
"""

from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from monitoring.errors import InvalidBaselineError

STATISTICS, CONSTRAINTS = "statistics.json", "constraints.json"


class Part(BaseModel):
    """A part of the two files; keys that nobody here needs are passed over."""

    model_config = ConfigDict(frozen=True)


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
    """What a number is like; a column without values has counts only."""

    common: Common
    mean: float | None = None
    std_dev: float | None = None
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
    distribution: StringDistribution


class Feature(Part):
    """A column: a number or a text."""

    name: str
    numerical_statistics: NumericalStatistics | None = None
    string_statistics: StringStatistics | None = None


class Statistics(Part):
    """The content of `statistics.json`."""

    features: tuple[Feature, ...]


class StringConstraints(Part):
    """The values that a text may have."""

    domains: tuple[str, ...]


class FeatureConstraints(Part):
    """What a column must satisfy."""

    name: str
    completeness: float = Field(1.0, ge=0, le=1)
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

    domain_content_threshold: float = 0.1
    distribution_constraints: DistributionConstraints = DistributionConstraints()


class Constraints(Part):
    """The content of `constraints.json`; the defaults are the prebuilt Model Monitor's."""

    features: tuple[FeatureConstraints, ...] = ()
    monitoring_config: MonitoringConfig = MonitoringConfig()


class Baseline(Part):
    """Both files."""

    statistics: Statistics
    constraints: Constraints


Content = TypeVar("Content", bound=Part)


def read_baseline(folder: Path) -> Baseline | None:
    """The baseline in a folder; none where it holds neither file. Raises InvalidBaselineError."""
    if not (folder / STATISTICS).exists() and not (folder / CONSTRAINTS).exists():
        return None
    return Baseline(
        statistics=_read(folder / STATISTICS, Statistics), constraints=_read(folder / CONSTRAINTS, Constraints)
    )


def _read(path: Path, content: type[Content]) -> Content:
    try:
        return content.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InvalidBaselineError(f"cannot read '{path}': {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidBaselineError(f"'{path}' has not Model Monitor's shape: {where}: {first['msg']}") from error
