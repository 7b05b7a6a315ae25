"""Refuses requests that Application Auto Scaling would refuse, or that cannot be executed here. Pure.

Sources: the operations' descriptions in its API reference, and "Edit a scaling policy" and "Register a variant" in
SageMaker's developer guide. AWS's words for these refusals are not written there; the codes are AWS's.
"""

from local.protocol.errors import ValidationError
from local.protocol.json_types import Record
from local.scaling.alarms import PREDEFINED
from local.scaling.targets import DIMENSION, Policy, Target

BURSTABLE = ("ml.t2.", "ml.t3.")
TRACKING = "TargetTrackingScaling"
CONFIGURATION = "TargetTrackingScalingPolicyConfiguration"


def variant_of(request: Record, found: Record | None) -> Record:
    """The variant that is to be registered, which was found or not. Raises ValidationError if it cannot be."""
    if request["ScalableDimension"] != DIMENSION:
        raise ValidationError(
            f"The local AWS scales only the dimension {DIMENSION} of SageMaker, not {request['ScalableDimension']}"
        )
    if found is None:
        raise ValidationError(f"There is no variant of an endpoint {request['ResourceId']}")
    if (found["InstanceType"] or "").startswith(BURSTABLE):
        raise ValidationError(f"Instances of type {found['InstanceType']} are burstable, and are not scaled")
    return found


def capacities(request: Record, before: Target | None) -> tuple[int, int]:
    """The least and the most instances. Raises ValidationError if one is missing, or they contradict each other."""
    least = request.get("MinCapacity", before.least if before else None)
    most = request.get("MaxCapacity", before.most if before else None)
    if least is None or most is None:
        raise ValidationError("MinCapacity and MaxCapacity are required when a scalable target is registered")
    if least < 1:
        raise ValidationError(f"The minimum capacity of a variant must be 1 or higher, not {least}")
    if most < least:
        raise ValidationError(f"The maximum capacity {most} is less than the minimum capacity {least}")
    return least, most


def policy_configuration(request: Record, before: Policy | None) -> Record:
    """The configuration of a policy: the request's, or the one that it has. Raises ValidationError."""
    if before and before.name != request["PolicyName"]:
        raise ValidationError(
            f"The target has the policy {before.name}, which tracks the same metric; several must track different ones"
        )
    if (kind := request.get("PolicyType", TRACKING if before else "")) != TRACKING:
        raise ValidationError(
            f"The local AWS does not act upon PolicyType '{kind}' (only {TRACKING}) of PutScalingPolicy"
        )
    configuration: Record | None = request.get(CONFIGURATION) or (before.configuration if before else None)
    if configuration is None:
        raise ValidationError(f"{CONFIGURATION} is required")
    metric = configuration.get("PredefinedMetricSpecification", {})
    if metric.get("PredefinedMetricType") != PREDEFINED or "ResourceLabel" in metric:
        raise ValidationError(f"The local AWS tracks only the predefined metric {PREDEFINED} of variants")
    if configuration["TargetValue"] <= 0:
        raise ValidationError(f"TargetValue must be more than 0, not {configuration['TargetValue']}")
    return configuration
