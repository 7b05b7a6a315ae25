"""What is kept: scalable targets, their policies and what was done, as dataclasses, and as AWS describes them. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from local.protocol.errors import ValidationError
from local.protocol.json_types import Record

NAMESPACE = "sagemaker"
DIMENSION = "sagemaker:variant:DesiredInstanceCount"
RESOURCE = re.compile(r"endpoint/(?P<endpoint>[^/]+)/variant/(?P<variant>[^/]+)")
COMMON = {"ServiceNamespace": NAMESPACE, "ScalableDimension": DIMENSION}
COOLDOWN_SECONDS = 300  # of SageMaker's variants, where a policy names none
MINUTE = 60
IN_PROGRESS, SUCCESSFUL = "InProgress", "Successful"
BY_POLICY = "monitor alarm "  # how the causes of activities begin that a policy has started


@dataclass(frozen=True)
class Target:
    """A variant that is scaled, between `least` and `most` instances. `suspended` is SuspendedState."""

    resource: str
    least: int
    most: int
    arn: str
    role: str
    created: datetime
    suspended: Mapping[str, bool]

    @property
    def endpoint(self) -> str:
        """The endpoint's name."""
        return parts_of(self.resource)[0]

    @property
    def variant(self) -> str:
        """The variant's name."""
        return parts_of(self.resource)[1]

    def within(self, count: int) -> int:
        """A number of instances, or the nearest one that the target may have."""
        return max(self.least, min(self.most, count))

    def described(self) -> Record:
        """The target as DescribeScalableTargets shows it."""
        states = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")
        return {
            **COMMON,
            "ResourceId": self.resource,
            "MinCapacity": self.least,
            "MaxCapacity": self.most,
            "RoleARN": self.role,
            "CreationTime": self.created,
            "SuspendedState": {name: self.suspended.get(name, False) for name in states},
            "ScalableTargetARN": self.arn,
        }


@dataclass(frozen=True)
class Policy:
    """Target tracking of a target, with the names of its two alarms, whose periods are as many seconds."""

    name: str
    resource: str
    arn: str
    created: datetime
    configuration: Record
    high: str
    low: str
    period: int

    @property
    def aim(self) -> float:
        """The invocations a minute that an instance is to have."""
        return float(self.configuration["TargetValue"])

    @property
    def speed(self) -> float:
        """How many times as fast as on AWS its time passes."""
        return MINUTE / self.period

    def cooldown(self, member: str) -> timedelta:
        """The time in one of the members ScaleOutCooldown and ScaleInCooldown."""
        return timedelta(seconds=self.configuration.get(member, COOLDOWN_SECONDS) / self.speed)

    def described(self) -> Record:
        """The policy as DescribeScalingPolicies shows it."""
        return {
            **COMMON,
            "PolicyARN": self.arn,
            "PolicyName": self.name,
            "ResourceId": self.resource,
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": self.configuration,
            "Alarms": self.alarms(),
            "CreationTime": self.created,
        }

    def alarms(self) -> list[Record]:
        """Names and ARNs of its alarms."""
        _, partition, _, region, account = self.arn.split(":")[:5]
        begin = f"arn:{partition}:cloudwatch:{region}:{account}:alarm:"
        return [{"AlarmName": name, "AlarmARN": begin + name} for name in (self.high, self.low)]


@dataclass(frozen=True)
class Activity:
    """A change of a target's number of instances, by its policy or because its limits have changed."""

    identifier: str
    resource: str
    cause: str
    before: int
    after: int
    started: datetime
    status: str = IN_PROGRESS
    message: str = ""
    ended: datetime | None = None

    @property
    def scales(self) -> bool:
        """Whether it is one that a cooldown follows: of the policy, and not one that has failed."""
        return self.cause.startswith(BY_POLICY) and self.status in (IN_PROGRESS, SUCCESSFUL)

    def ending(self, status: str, message: str, moment: datetime) -> "Activity":
        """The activity after its end."""
        return replace(self, status=status, message=message, ended=moment)

    def described(self) -> Record:
        """The activity as DescribeScalingActivities shows it."""
        return {
            **COMMON,
            "ActivityId": self.identifier,
            "ResourceId": self.resource,
            "Description": f"Setting desired instance count to {self.after}.",
            "Cause": self.cause,
            "StartTime": self.started,
            "EndTime": self.ended,
            "StatusCode": self.status,
            "StatusMessage": self.message or f"Setting desired instance count to {self.after}.",
        }


def parts_of(resource: str) -> tuple[str, str]:
    """The names of endpoint and variant in a resource ID. Raises ValidationError for another kind of resource."""
    if not (found := RESOURCE.fullmatch(resource)):
        raise ValidationError(
            f"The local AWS scales variants of SageMaker's endpoints only (endpoint/…/variant/…), not {resource}"
        )
    return found["endpoint"], found["variant"]
