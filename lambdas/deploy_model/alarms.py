"""The alarms at which SageMaker goes back to the old version while a new one takes over.

They have the new endpoint configuration as a dimension, so that they see its instances alone. Alarms on the whole
endpoint would ring for the old version's errors too, and end the very deployment that helps.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from botocore.client import BaseClient

from lambdas.deploy_model.rollout import Rollout

PERIOD_SECONDS = 60
MOST_AT_ONCE = 100  # alarms that DeleteAlarms takes


def names(config_name: str) -> tuple[str, str]:
    """The names of a configuration's alarms; they begin with its own, so that IAM can tell environments apart."""
    return f"{config_name}-errors", f"{config_name}-latency"


def put(cloudwatch: BaseClient, endpoint_name: str, variant: str, config_name: str, rollout: Rollout) -> None:
    """Makes the alarms of a configuration; the same ones again change nothing."""
    for alarm in definitions(endpoint_name, variant, config_name, rollout):
        cloudwatch.put_metric_alarm(**alarm)


def definitions(endpoint_name: str, variant: str, config_name: str, rollout: Rollout) -> Iterator[dict[str, Any]]:
    """The arguments of PutMetricAlarm."""
    errors, latency = names(config_name)
    dimensions = {"EndpointName": endpoint_name, "VariantName": variant, "EndpointConfigName": config_name}
    common = {
        "Namespace": "AWS/SageMaker",
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
        "Period": PERIOD_SECONDS,
        "EvaluationPeriods": 1,
        "TreatMissingData": "notBreaching",  # no requests are no reason to go back
    }
    yield {
        "AlarmName": errors,
        "AlarmDescription": "The version that is being deployed answered a request with HTTP 5xx.",
        "MetricName": "Invocation5XXErrors",
        "Statistic": "Sum",
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        **common,
    }
    yield {
        "AlarmName": latency,
        "AlarmDescription": "The version that is being deployed takes too long to answer.",
        "MetricName": "ModelLatency",
        "ExtendedStatistic": "p99",
        "Threshold": rollout.latency_milliseconds * 1000.0,  # the metric has microseconds
        "ComparisonOperator": "GreaterThanThreshold",
        **common,
    }


def ringing(cloudwatch: BaseClient, config_name: str) -> list[str]:
    """Why the alarms of a configuration ring, in CloudWatch's words; empty if none does."""
    found = cloudwatch.describe_alarms(AlarmNames=[*names(config_name)])["MetricAlarms"]
    return [f"{each['AlarmName']}: {each.get('StateReason', '')}" for each in found if each["StateValue"] == "ALARM"]


def remove(cloudwatch: BaseClient, config_names: Iterable[str]) -> None:
    """Deletes the alarms of configurations; those that do not exist are no error."""
    found = [alarm for config_name in config_names for alarm in names(config_name)]
    for start in range(0, len(found), MOST_AT_ONCE):
        cloudwatch.delete_alarms(AlarmNames=found[start : start + MOST_AT_ONCE])
