"""The whole configuration of one environment, and the checks that involve more than one section."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from pipelines.settings.sections import (
    Dataset,
    Delivery,
    Endpoint,
    Lambdas,
    Monitoring,
    Pipeline,
    Processing,
    QualityGate,
    Registry,
    Section,
    Training,
    Workflow,
)

# IAM allows 64 characters in a role's name, and the longest suffix that infra/application.yaml adds takes 25.
LONGEST_PREFIX = 39


class Settings(Section):
    """The configuration of one environment: a section for each part of the project."""

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
        """Checks that the names of IAM roles stay within IAM's limit."""
        if len(f"{self.project}-{self.environment}") > LONGEST_PREFIX:
            raise ValueError(f"project and environment have more than {LONGEST_PREFIX - 1} characters together")
        return self

    @model_validator(mode="after")
    def one_route_a_class(self) -> Self:
        """Checks that the routes and the classes match one to one."""
        classes, routes = set(self.dataset.classes), set(self.workflow.routes)
        if missing := classes - routes:
            raise ValueError(f"workflow.routes has no entry for the class '{min(missing)}' of dataset.classes")
        if extra := routes - classes:
            raise ValueError(f"workflow.routes names '{min(extra)}', which is not in dataset.classes")
        return self
