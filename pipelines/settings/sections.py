"""The sections of the configuration on models and workflows, one frozen model for each; others lie beside this file.

Every value is checked when the file is read.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from pipelines.settings.cifar100 import FINE_LABELS

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
