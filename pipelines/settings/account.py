"""The sections of the configuration on an account, its networks, and the delivery into it."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipelines.settings.sections import Section


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
