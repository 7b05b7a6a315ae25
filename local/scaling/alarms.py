"""The two alarms that Application Auto Scaling makes for a policy, with AWS's names, periods and thresholds. Pure.

Source: alarms of real endpoints in public repositories: above the target in three minutes, or below nine tenths of it
in fifteen. Real ones leave missing data to CloudWatch's rule. Here it does not breach, so that a variant that has just
been registered is not taken for one without requests; those without requests get zeros, as on AWS.
"""

import uuid
from collections.abc import Iterator
from typing import Any

from local.scaling.targets import MINUTE, Policy, parts_of

METRIC = "InvocationsPerInstance"
PREDEFINED = "SageMakerVariantInvocationsPerInstance"
HIGH_PERIODS, LOW_PERIODS = 3, 15
LOW_SHARE = 0.9


def alarm_name(resource: str, which: str) -> str:
    """A new name for an alarm, High or Low."""
    return f"TargetTracking-{resource}-Alarm{which}-{uuid.uuid4()}"


def definitions(policy: Policy) -> Iterator[dict[str, Any]]:
    """The arguments with which moto's CloudWatch makes the alarms."""
    endpoint, variant = parts_of(policy.resource)
    common = {
        "description": f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy.arn}.",
        "namespace": "AWS/SageMaker",
        "metric_name": METRIC,
        "metric_data_queries": [],
        "statistic": "Sum",
        "period": policy.period,
        "dimensions": [{"Name": "EndpointName", "Value": endpoint}, {"Name": "VariantName", "Value": variant}],
        "treat_missing_data": "notBreaching",
        "alarm_actions": [policy.arn],
    }
    aim = policy.aim * policy.period / MINUTE
    yield {
        **common,
        "name": policy.high,
        "comparison_operator": "GreaterThanThreshold",
        "evaluation_periods": HIGH_PERIODS,
        "threshold": aim,
    }
    yield {
        **common,
        "name": policy.low,
        "comparison_operator": "LessThanThreshold",
        "evaluation_periods": LOW_PERIODS,
        "threshold": LOW_SHARE * aim,
    }
