"""How many instances the endpoint has: the settings of `endpoint.scaling`, and what Application Auto Scaling is told.

The variant is registered once the endpoint is in service. A new version keeps it registered, unless the instance type
changes, which SageMaker refuses for a variant that is scaled (SageMaker developer guide, "Update endpoints that use
auto scaling"). That the function has registered it is noted in a tag of the endpoint. So nobody who does not use this
needs Application Auto Scaling, and what a person has registered by hand is left alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.shared.environment import variable
from lambdas.shared.errors import ConfigurationError

POLICY = "invocations"
ABSENT = "ObjectNotFoundException"
# What a new configuration decides although the number of instances is retained.
DECIDED_ANEW = [{"VariantPropertyType": "DesiredWeight"}, {"VariantPropertyType": "DataCaptureConfig"}]


@dataclass(frozen=True)
class Scaling:
    """The settings. `scones deploy` has checked their limits, and AWS checks them again."""

    enabled: bool
    min_instances: int
    max_instances: int
    invocations_per_instance: int  # in a minute
    scale_in_cooldown_seconds: int
    scale_out_cooldown_seconds: int

    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> Self:
        """Reads the environment variable SCALING, a JSON object with these fields; raises ConfigurationError."""
        try:
            return cls(**json.loads(variable(environment, "SCALING")))
        except (ValueError, TypeError) as error:
            raise ConfigurationError(
                f"the environment variable SCALING must be the settings of endpoint.scaling as JSON: {error}"
            ) from error

    def retention(self, instances: int | None) -> dict[str, Any]:
        """Arguments of UpdateEndpoint that keep the number of instances, of which there are so many now.

        Without them an update would begin again with the configuration's number. A number outside of the limits, as
        before the variant was scaled, is not kept: a canary may be too large a part of it.
        """
        if not self.enabled or instances is None or not self.min_instances <= instances <= self.max_instances:
            return {}
        return {"RetainAllVariantProperties": True, "ExcludeRetainedVariantProperties": DECIDED_ANEW}

    def limits(self) -> dict[str, int]:
        """Arguments of RegisterScalableTarget."""
        return {"MinCapacity": self.min_instances, "MaxCapacity": self.max_instances}

    def tracking(self) -> dict[str, Any]:
        """The argument TargetTrackingScalingPolicyConfiguration of PutScalingPolicy."""
        return {
            "TargetValue": float(self.invocations_per_instance),
            "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
            "ScaleInCooldown": self.scale_in_cooldown_seconds,
            "ScaleOutCooldown": self.scale_out_cooldown_seconds,
        }


def register(autoscaling: BaseClient, target: Mapping[str, str], scaling: Scaling) -> None:
    """Sees to it that the variant has these limits and this policy. What is as it should be is left alone."""
    if not has_limits(autoscaling, target, scaling):
        autoscaling.register_scalable_target(**target, **scaling.limits())
    if not has_policy(autoscaling, target, scaling):
        autoscaling.put_scaling_policy(
            **target,
            PolicyName=POLICY,
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=scaling.tracking(),
        )


def has_limits(autoscaling: BaseClient, target: Mapping[str, str], scaling: Scaling) -> bool:
    """Whether the variant is registered with the limits of the settings."""
    found = autoscaling.describe_scalable_targets(
        ServiceNamespace=target["ServiceNamespace"],
        ResourceIds=[target["ResourceId"]],
        ScalableDimension=target["ScalableDimension"],
    )["ScalableTargets"]
    return any(scaling.limits().items() <= each.items() for each in found)


def has_policy(autoscaling: BaseClient, target: Mapping[str, str], scaling: Scaling) -> bool:
    """Whether the variant has the policy of the settings. AWS may tell more of it than it was given."""
    found = autoscaling.describe_scaling_policies(**target, PolicyNames=[POLICY])["ScalingPolicies"]
    kept = [each["TargetTrackingScalingPolicyConfiguration"] for each in found]
    return any(all(each.get(key) == value for key, value in scaling.tracking().items()) for each in kept)


def deregister(autoscaling: BaseClient, target: Mapping[str, str]) -> None:
    """Ends the scaling of the variant, with its policy and alarms; that it is not registered is no error."""
    try:
        autoscaling.deregister_scalable_target(**target)
    except ClientError as error:
        if error.response["Error"]["Code"] != ABSENT:
            raise
