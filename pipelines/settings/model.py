"""The whole configuration of one environment, and the checks that involve more than one section."""

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from pipelines.settings.account import Account, Delivery, Network
from pipelines.settings.endpoint import Endpoint
from pipelines.settings.monitoring import Monitoring
from pipelines.settings.sections import (
    Batch,
    Containers,
    Dataset,
    Lambdas,
    Pipeline,
    Processing,
    QualityGate,
    Registry,
    Review,
    Section,
    Training,
    Workflow,
)

# Names of models and endpoint configurations begin with 40 characters of the model package group's (deploy_model).
# These must hold all of it, `<prefix>-vehicles`: otherwise policies would not match, and `scones destroy` could match
# names of another environment. IAM's 64 characters in a role's name would allow 39.
LONGEST_PREFIX = 31
LONGEST_BUCKET = 63  # S3's limit; the bucket's name is prefix, account (12 digits) and region, with two hyphens
# A later part of an environment's name may not begin the name of a resource: the function `deploy-model` of `prod` and
# the role `model` of an environment `prod-deploy` would have one name. tests/aws compares this with the templates.
RESERVED = set(
    "alarms announce application approval approver batch captures classify decisions delivery deploy deployment "  # noqa: SIM905
    "describe endpoint evaluate failures filter images inference job model monitor monitoring pillow pipeline "
    "powertools prepare push reader rebase report review routes schedule select serialize start storage test train "
    "training uploads vehicles waiting workflow".split()
)


class Settings(Section):
    """The configuration of one environment: a section for each part of the project."""

    environment: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    project: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,24}[a-z0-9]$")]
    region: Annotated[str, Field(pattern=r"^[a-z]{2,4}(-[a-z]+)+-\d$")]
    dataset: Dataset
    training: Training
    processing: Processing
    containers: Containers
    quality_gate: QualityGate
    registry: Registry
    pipeline: Pipeline
    endpoint: Endpoint
    workflow: Workflow
    review: Review
    batch: Batch
    lambdas: Lambdas
    monitoring: Monitoring
    delivery: Delivery
    network: Network
    account: Account

    @model_validator(mode="after")
    def short_names(self) -> Self:
        """Checks that the names of IAM roles and of the bucket stay within the limits of IAM and S3."""
        longest = min(LONGEST_PREFIX, LONGEST_BUCKET - len(f"-123456789012-{self.region}"))
        if len(f"{self.project}-{self.environment}") > longest:
            raise ValueError(f"project and environment have more than {longest - 1} characters together")
        return self

    @field_validator("project")
    @classmethod
    def not_reserved(cls, project: str) -> str:
        """Checks that the bucket's name, which begins with the project's, has no beginning that S3 reserves."""
        if project.startswith(("xn--", "sthree-", "amzn-s3-demo-")):
            raise ValueError("S3 reserves names of buckets that begin so")
        return project

    @model_validator(mode="after")
    def distinct_names(self) -> Self:
        """Checks that no resource of this environment can have the name of another environment's."""
        for part in self.environment.split("-")[1:]:
            if part in RESERVED:
                raise ValueError(f"the environment's name '{self.environment}' contains '-{part}', which begins names")
        return self

    @model_validator(mode="after")
    def isolated_containers_have_all_they_need(self) -> Self:
        """Checks that no container without a network would have to install packages when it starts."""
        if self.network.isolation and self.containers.source == "aws":
            raise ValueError(
                "network.isolation needs containers.source: own, because AWS's images install packages when they start"
            )
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
