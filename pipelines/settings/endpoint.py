"""The section of the endpoint: its instances, its data capture, and how a new version takes over."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from lambdas.deploy_model.hours import Hours
from pipelines.settings.sections import Count, InstanceType, Section


class Deployment(Section):
    """How a new version takes the place of the one that serves. The limits are mostly SageMaker's."""

    traffic: Literal["all_at_once", "canary"]
    canary_instances: Count
    wait_seconds: Annotated[int, Field(ge=0, le=3600)]
    termination_seconds: Annotated[int, Field(ge=0, le=3600)]
    maximum_seconds: Annotated[int, Field(ge=600, le=5 * 3600)]  # the state machine follows a deployment for six hours
    latency_milliseconds: Annotated[int, Field(ge=1, le=60_000)]  # an endpoint has 60 s for an answer

    @field_validator("maximum_seconds")
    @classmethod
    def longer_than_the_waits(cls, maximum: int, others: ValidationInfo) -> int:
        """Checks that a deployment can go through both of its waits."""
        waits = sum(others.data.get(name, 0) for name in ("wait_seconds", "termination_seconds"))
        if maximum <= waits:
            raise ValueError(f"more than the {waits} s of wait_seconds and termination_seconds are needed")
        return maximum


class Endpoint(Section):
    """The endpoint and its data capture."""

    instance_type: InstanceType
    instance_count: Count
    capture_percentage: Annotated[int, Field(ge=0, le=100)]
    timeout_minutes: Count
    check_seconds: Annotated[int, Field(ge=1, le=3600)]
    deployment: Deployment
    hours: str

    @field_validator("hours")
    @classmethod
    def known_hours(cls, hours: str) -> str:
        """Checks that the hours can be read."""
        return Hours.parse(hours).text

    @property
    def opening(self) -> Hours:
        """The hours in which there is an endpoint."""
        return Hours.parse(self.hours)

    @field_validator("deployment")
    @classmethod
    def half_of_the_instances(cls, deployment: Deployment, others: ValidationInfo) -> Deployment:
        """Checks that a canary has at most half of the instances, which is what SageMaker allows."""
        count, canary = others.data.get("instance_count"), deployment.canary_instances
        if deployment.traffic == "canary" and count is not None and 2 * canary > count:
            raise ValueError(
                f"endpoint.deployment.canary_instances: a canary may have at most half of the instances, which "
                f"{canary} of {count} (endpoint.instance_count) is not; have {2 * canary} instances, "
                "or choose traffic: all_at_once"
            )
        return deployment
