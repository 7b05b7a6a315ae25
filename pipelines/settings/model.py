"""The configuration: frozen, typed, and checked before anything starts."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from pipelines.settings.cifar100 import FINE_LABELS

Fraction = Annotated[float, Field(gt=0, lt=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
InstanceType = Annotated[str, Field(pattern=r"^ml\.[a-z0-9-]+\.[a-z0-9]+$")]
Approval = Literal["Approved", "PendingManualApproval"]


LONGEST_PREFIX = 39


class Section(BaseModel):
    """A part of the configuration: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Dataset(Section):
    """Which images are used."""

    source: Literal["generated", "uploaded"]
    classes: tuple[str, ...] = Field(min_length=2, strict=False)  # YAML has lists only

    @field_validator("classes")
    @classmethod
    def known_and_distinct(cls, classes: tuple[str, ...]) -> tuple[str, ...]:
        """CIFAR-100 has every class, and none is named twice."""
        for name in classes:
            if name not in FINE_LABELS:
                raise ValueError(f"CIFAR-100 has no class '{name}'; its classes are: {', '.join(FINE_LABELS)}")
        if len(set(classes)) != len(classes):
            raise ValueError("a class is named twice")
        return classes


class Training(Section):
    """Hyperparameters of the model and the instances it learns on."""

    epochs: Count
    batch_size: Count
    learning_rate: Annotated[float, Field(gt=0, le=10)]
    weight_decay: Annotated[float, Field(ge=0, lt=1)]
    width: Annotated[int, Field(ge=4, le=512)]
    networks: Annotated[int, Field(ge=1, le=100)]
    folds: Annotated[int, Field(ge=2, le=100)]
    fold_epochs: Count
    seed: int = Field(ge=0)
    others_weight: Annotated[float, Field(ge=0, le=10)]
    target_precision: Fraction
    target_confidence: Fraction
    instance_type: InstanceType
    instance_count: Count
    max_runtime_minutes: Count
    spot: bool

    @property
    def hyperparameters(self) -> dict[str, float]:
        """What the training script is told; the other keys are about the machines that it runs on."""
        return self.model_dump(exclude={"instance_type", "instance_count", "max_runtime_minutes", "spot"})


class Processing(Section):
    """The instance of the processing jobs."""

    instance_type: InstanceType
    max_runtime_minutes: Count


class QualityGate(Section):
    """What a model must reach on the test images to be registered."""

    minimum_accuracy: Share
    minimum_coverage: Share
    maximum_regression: Share


class Registry(Section):
    """The state in which a model package is registered."""

    approval: Approval


class Pipeline(Section):
    """How the SageMaker pipeline runs."""

    cache_days: int = Field(ge=0)
    timeout_minutes: Count


class Endpoint(Section):
    """The endpoint and its data capture."""

    instance_type: InstanceType
    instance_count: Count
    capture_percentage: Annotated[int, Field(ge=0, le=100)]
    timeout_minutes: Count


class Route(Section):
    """Where a class of vehicle is sent."""

    loading_bay: str = Field(min_length=1)
    order_radius_km: Annotated[float, Field(gt=0)]


class Workflow(Section):
    """The inference workflow."""

    on_low_confidence: Literal["review", "fail"]
    lambda_timeout_seconds: Annotated[int, Field(ge=1, le=900)]
    retry_attempts: Annotated[int, Field(ge=0, le=20)]
    photos: Count
    concurrency: Count
    routes: Mapping[str, Route]


class Lambdas(Section):
    """How the Lambda functions are packaged."""

    runtime: Literal["python3.11", "python3.12", "python3.13"]
    architecture: Literal["x86_64", "arm64"]
    dependencies: Literal["layer", "runtime"]
    memory_mb: Annotated[int, Field(ge=128, le=10240)]


class Monitoring(Section):
    """The monitoring report and its schedule."""

    schedule: Annotated[str, Field(pattern=r"^(rate|cron)\(.+\)$")]
    examples: Annotated[int, Field(ge=0, le=100)]


class Delivery(Section):
    """What CodeBuild builds, and how long logs are kept."""

    repository: Annotated[str, Field(pattern=r"^https://.+")]
    branch: str = Field(min_length=1)
    log_retention_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365]


class Settings(Section):
    """The whole configuration of one environment."""

    environment: str
    project: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,24}[a-z0-9]$")]
    region: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
    dataset: Dataset
    training: Training
    processing: Processing
    quality_gate: QualityGate
    registry: Registry
    pipeline: Pipeline
    endpoint: Endpoint
    workflow: Workflow
    lambdas: Lambdas
    monitoring: Monitoring
    delivery: Delivery

    @model_validator(mode="after")
    def short_names(self) -> Self:
        """Role names, the longest, end with up to 25 characters of their own; IAM allows 64."""
        if len(f"{self.project}-{self.environment}") > LONGEST_PREFIX:
            raise ValueError(f"project and environment have more than {LONGEST_PREFIX - 1} characters together")
        return self

    @model_validator(mode="after")
    def one_route_a_class(self) -> Self:
        """Each class has a route, and each route a class."""
        classes, routes = set(self.dataset.classes), set(self.workflow.routes)
        if missing := classes - routes:
            raise ValueError(f"workflow.routes has no entry for the class '{min(missing)}' of dataset.classes")
        if extra := routes - classes:
            raise ValueError(f"workflow.routes names '{min(extra)}', which dataset.classes does not have")
        return self
