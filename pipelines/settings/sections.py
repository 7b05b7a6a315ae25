"""The sections of the configuration, one frozen model for each. Every value is checked when the file is read."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from monitoring.judgement.causes import CAUSES
from pipelines.settings.cifar100 import FINE_LABELS
from pipelines.settings.schedules import check_schedule, rate_of

Fraction = Annotated[float, Field(gt=0, lt=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
# A function's call of AWS takes up to 29 s (lambdas/shared/clients.py). It must end before the function's timeout: the
# workflow would otherwise see that timeout and not the typed error.
SHORTEST_LAMBDA_TIMEOUT = 30
InstanceType = Annotated[str, Field(pattern=r"^ml\.[a-z]+[0-9][a-z0-9-]*\.(medium|large|([1-9][0-9]*)?xlarge)$")]
# SageMaker's longest runtimes are 28 days of training and 777,600 s of processing; CodeBuild's longest build takes 36
# hours, of which tests and deployment get one (pipelines/delivery/deployment.py).
TrainingMinutes = Annotated[int, Field(ge=1, le=28 * 24 * 60)]
ProcessingMinutes = Annotated[int, Field(ge=1, le=777_600 // 60)]
PipelineMinutes = Annotated[int, Field(ge=1, le=35 * 60)]


class Section(BaseModel):
    """Base of all sections: unknown keys are errors, and values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PublishedArchive(Section):
    """Where the raw archive can be downloaded, and by what it is known again."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+/\S+$")]
    md5: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    bytes: Count


class Dataset(Section):
    """The images to train on."""

    source: Literal["generated", "uploaded"]
    download: PublishedArchive
    classes: tuple[str, ...] = Field(min_length=2, strict=False)  # YAML only has lists
    others: Annotated[int, Field(ge=0, le=10_000)]

    @field_validator("classes")
    @classmethod
    def known_and_distinct(cls, classes: tuple[str, ...]) -> tuple[str, ...]:
        """Checks that CIFAR-100 has every class and that no class is named twice."""
        for name in classes:
            if name not in FINE_LABELS:
                raise ValueError(f"CIFAR-100 has no class '{name}'; its classes are: {', '.join(FINE_LABELS)}")
        if len(set(classes)) != len(classes):
            raise ValueError("a class is named twice")
        return classes


class Training(Section):
    """The training job: its hyperparameters and the instances it runs on."""

    epochs: Count
    batch_size: Count
    learning_rate: Annotated[float, Field(gt=0, le=10)]
    weight_decay: Annotated[float, Field(ge=0, lt=1)]
    width: Annotated[int, Field(ge=4, le=512)]
    folds: Annotated[int, Field(ge=2, le=100)]
    seed: int = Field(ge=0)
    target_precision: Fraction
    target_confidence: Fraction
    instance_type: InstanceType
    instance_count: Count
    max_runtime_minutes: TrainingMinutes
    spot: bool

    @property
    def hyperparameters(self) -> dict[str, float]:
        """The hyperparameters that `steps.train` takes. The remaining settings describe the instances."""
        return {
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "learning_rate": self.learning_rate,
            "weight_decay": self.weight_decay,
            "width": self.width,
            "folds": self.folds,
            "seed": self.seed,
            "target_precision": self.target_precision,
            "target_confidence": self.target_confidence,
        }


class Processing(Section):
    """The instance that runs the processing jobs."""

    instance_type: InstanceType
    max_runtime_minutes: ProcessingMinutes


ImageKind = Literal["training-cpu", "training-gpu", "inference-cpu"]
Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


class Containers(Section):
    """The container images of jobs and endpoint: this project's own or AWS's, and which of its own to stay with."""

    source: Literal["own", "aws"]
    pinned: Mapping[ImageKind, Digest]


class QualityGate(Section):
    """The limits that a model must keep to on the test images before it is registered."""

    minimum_accuracy: Share
    minimum_coverage: Share
    maximum_regression: Share
    minimum_robust_accuracy: Share
    maximum_others_decided: Share


Approval = Literal["Approved", "PendingManualApproval"]


class Registry(Section):
    """The approval status of a newly registered model package."""

    approval: Approval


class Pipeline(Section):
    """Step caching and the time limit of a pipeline execution."""

    cache_days: int = Field(ge=0)
    timeout_minutes: PipelineMinutes


class Route(Section):
    """The loading bay and the order radius for one class of vehicle."""

    loading_bay: str = Field(min_length=1, max_length=200)
    order_radius_km: Annotated[float, Field(gt=0)]


class Workflow(Section):
    """The inference workflow."""

    start_on_upload: bool
    on_low_confidence: Literal["review", "fail"]
    lambda_timeout_seconds: Annotated[int, Field(le=900)]
    retry_attempts: Annotated[int, Field(ge=0, le=20)]
    photos: Count
    concurrency: Count
    routes_topic: bool
    routes: Mapping[str, Route]

    @field_validator("lambda_timeout_seconds")
    @classmethod
    def longer_than_a_call(cls, seconds: int) -> int:
        """Checks that a function's call of AWS can end before the function does."""
        if seconds < SHORTEST_LAMBDA_TIMEOUT:
            raise ValueError(
                f"at least {SHORTEST_LAMBDA_TIMEOUT} s are needed, because a function's call of AWS may take 29 s"
            )
        return seconds


class Review(Section):
    """The review of photos by people."""

    second_opinions: Share
    alarm_after_hours: Annotated[int, Field(ge=1, le=14 * 24)]  # SQS keeps a message for 14 days


class Batch(Section):
    """The batch workflow: how photos are put together, and how many executions there are at the same time."""

    photos_per_call: Annotated[int, Field(ge=1, le=200)]  # the rows of more might not fit into an execution's output
    max_concurrency: Annotated[int, Field(ge=1, le=10_000)]  # AWS runs no more children of a distributed map
    tolerated_failure_percentage: Annotated[int, Field(ge=0, le=100)]
    child_type: Literal["EXPRESS", "STANDARD"]
    lambda_timeout_seconds: Annotated[int, Field(ge=SHORTEST_LAMBDA_TIMEOUT, le=240)]  # an express child has 300 s
    lambda_memory_mb: Annotated[int, Field(ge=512, le=10240)]  # a large photo takes up to 412 MB (photos/limits.py)


class Lambdas(Section):
    """How the Lambda functions are packaged, how large they are, and what they log."""

    runtime: Literal["python3.11", "python3.12", "python3.13"]
    architecture: Literal["x86_64", "arm64"]
    dependencies: Literal["layer", "runtime"]
    memory_mb: Annotated[int, Field(ge=128, le=10240)]
    log_level: Literal["INFO", "WARNING", "ERROR"]


class Monitoring(Section):
    """The monitoring report and its schedule."""

    schedule: Annotated[str, AfterValidator(check_schedule)]
    window: Literal["recent", "hour", "day"]
    instance_count: Annotated[int, Field(ge=1, le=20)]
    examples: Annotated[int, Field(ge=0, le=100)]
    alarm_on: Literal["do_not_trust", "look", "never"]
    retrain_on: tuple[str, ...] = Field(strict=False)  # YAML only has lists

    @field_validator("window")
    @classmethod
    def no_gaps(cls, window: str, others: ValidationInfo) -> str:
        """Checks that a schedule at a fixed rate leaves no window out."""
        schedule = others.data.get("schedule", "")  # missing if it is wrong itself
        period = rate_of(schedule)
        if period and window != "recent" and period > timedelta(**{f"{window}s": 1}):
            raise ValueError(f"'{schedule}' leaves {window}s out, which nobody would judge; start it each {window}")
        return window

    @field_validator("instance_count")
    @classmethod
    def hours_to_share(cls, count: int, others: ValidationInfo) -> int:
        """Checks that there is more than one hour for several instances."""
        if count > 1 and others.data.get("window") == "hour":
            raise ValueError("an hour is read by one instance; several want 'monitoring.window' to be day or recent")
        return count

    @field_validator("retrain_on")
    @classmethod
    def known_causes(cls, causes: tuple[str, ...]) -> tuple[str, ...]:
        """Checks that monitoring can find each of the causes."""
        for name in causes:
            if name not in CAUSES:
                raise ValueError(f"monitoring knows no cause '{name}'; its causes are: {', '.join(CAUSES)}")
        return causes


class Account(Section):
    """What an account's owners may ask for: a key of theirs, a boundary for roles, a budget. All is off by default."""

    kms_key: Annotated[str, Field(pattern=r"^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[0-9a-zA-Z-]+)?$")]
    permissions_boundary: Annotated[str, Field(pattern=r"^(arn:aws[a-z-]*:iam::(aws|\d{12}):policy/\S+)?$")]
    monthly_budget: Annotated[int, Field(ge=0)]  # US dollars


Subnet = Annotated[str, Field(pattern=r"^subnet-[0-9a-f]{8,17}$")]
SecurityGroup = Annotated[str, Field(pattern=r"^sg-[0-9a-f]{8,17}$")]


class Network(Section):
    """The subnets and security groups of the account in which jobs, model and functions run; AWS's own if empty.

    With `isolation` the containers of jobs and model reach no network at all.
    """

    subnets: tuple[Subnet, ...] = Field(max_length=16, strict=False)  # SageMaker's limits; YAML only has lists
    security_groups: tuple[SecurityGroup, ...] = Field(max_length=5, strict=False)
    isolation: bool

    @model_validator(mode="after")
    def both_or_none(self) -> Self:
        """Checks that there are groups for the subnets, and subnets for the groups."""
        if bool(self.subnets) != bool(self.security_groups):
            raise ValueError("network.subnets and network.security_groups need each other: name both, or neither")
        return self


# Empty, or the ARN of a connection to the repository's host. Older ones have CodeStar's name.
CONNECTION = r"^(arn:aws[a-z-]*:code(connections|star-connections):[a-z0-9-]+:\d{12}:connection/[0-9a-f-]{36})?$"


class Delivery(Section):
    """The repository whose pushes are delivered, the connection to its host, and how deployments go."""

    repository: Annotated[str, Field(pattern=r"^https://[^\s/]+/\S+$")]
    connection: Annotated[str, Field(pattern=CONNECTION)]
    branch: Annotated[str, Field(pattern=r"^[^\s~^:?*\[\\]{1,250}$")]  # what git allows in the name of a branch
    confirm: bool
    # The values that CloudWatch Logs has.
    log_retention_days: Literal[
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
    ]
