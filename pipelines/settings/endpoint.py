"""The section of the endpoint: its instances, its data capture, and how a new version takes over."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from lambdas.deploy_model.settings.hours import Hours
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


# SageMaker refuses to scale burstable instances (developer guide, "Register a variant").
BURSTABLE = ("ml.t2.", "ml.t3.")


class Scaling(Section):
    """How many instances the endpoint has, where that follows the invocations."""

    enabled: bool
    min_instances: Count  # SageMaker scales variants of instances to no less than 1
    max_instances: Annotated[int, Field(ge=1, le=1000)]
    invocations_per_instance: Count
    scale_in_cooldown_seconds: Annotated[int, Field(ge=0, le=3600)]
    scale_out_cooldown_seconds: Annotated[int, Field(ge=0, le=3600)]

    @field_validator("max_instances")
    @classmethod
    def not_below_the_minimum(cls, most: int, others: ValidationInfo) -> int:
        """Checks that there is a number of instances between the limits."""
        least = others.data.get("min_instances", 1)
        if most < least:
            raise ValueError(f"the most instances, {most}, are fewer than the least, {least} (min_instances)")
        return most


class Endpoint(Section):
    """The endpoint and its data capture."""

    instance_type: InstanceType
    instance_count: Count
    capture_percentage: Annotated[int, Field(ge=0, le=100)]
    timeout_minutes: Count
    check_seconds: Annotated[int, Field(ge=1, le=3600)]
    scaling: Scaling
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

    @field_validator("scaling")
    @classmethod
    def can_be_scaled(cls, scaling: Scaling, others: ValidationInfo) -> Scaling:
        """Checks that SageMaker scales such instances, and that the endpoint begins within the limits."""
        kind, count = others.data.get("instance_type", ""), others.data.get("instance_count", scaling.min_instances)
        if scaling.enabled and kind.startswith(BURSTABLE):
            raise ValueError(
                f"endpoint.scaling: SageMaker does not scale burstable instances, which {kind} "
                "(endpoint.instance_type) is"
            )
        if scaling.enabled and not scaling.min_instances <= count <= scaling.max_instances:
            raise ValueError(
                f"endpoint.scaling: the endpoint begins with {count} instances (endpoint.instance_count), which must "
                f"be from {scaling.min_instances} to {scaling.max_instances} (min_instances, max_instances)"
            )
        return scaling

    @field_validator("deployment")
    @classmethod
    def half_of_the_instances(cls, deployment: Deployment, others: ValidationInfo) -> Deployment:
        """Checks that a canary has at most half of the instances, however few there are: SageMaker's limit."""
        scaling, canary = others.data.get("scaling"), deployment.canary_instances
        count, setting = others.data.get("instance_count"), "endpoint.instance_count"
        if scaling and scaling.enabled:
            count, setting = scaling.min_instances, "endpoint.scaling.min_instances"
        if deployment.traffic == "canary" and count is not None and 2 * canary > count:
            raise ValueError(
                f"endpoint.deployment.canary_instances: a canary may have at most half of the instances, which "
                f"{canary} of {count} ({setting}) is not; have {2 * canary} instances, "
                "or choose traffic: all_at_once"
            )
        return deployment

    @property
    def instances(self) -> tuple[int, int]:
        """The least and the most instances that the endpoint has while it stands."""
        if self.scaling.enabled:
            return self.scaling.min_instances, self.scaling.max_instances
        return self.instance_count, self.instance_count
