"""The alarms at which SageMaker goes back to the old version while a new one takes over.

They have the new endpoint configuration as a dimension, so that they see its instances alone. Alarms on the whole
endpoint would ring for the old version's errors too, and end the very deployment that helps.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from botocore.client import BaseClient

from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.shared.deployments import VARIANT

WRONG_ANSWERS = "WrongAnswers"  # the function's own metric: what came of the questions that it asked in a turn
ENDPOINTS = "AWS/SageMaker"  # the namespace of SageMaker's metrics of endpoints
PERIOD_SECONDS = 60
MOST_AT_ONCE = 100  # alarms that DeleteAlarms takes


def names(config_name: str) -> tuple[str, str, str]:
    """The names of a configuration's alarms; they begin with its own, so that IAM can tell environments apart."""
    return f"{config_name}-errors", f"{config_name}-latency", f"{config_name}-answers"


def put(cloudwatch: BaseClient, configuration: Configuration, config_name: str) -> None:
    """Makes the alarms of an endpoint configuration; the same ones again change nothing."""
    for alarm in definitions(configuration, config_name):
        cloudwatch.put_metric_alarm(**alarm)


def dimensions(endpoint_name: str, config_name: str) -> list[dict[str, str]]:
    """The dimensions of metrics of one endpoint configuration alone."""
    found = {"EndpointName": endpoint_name, "VariantName": VARIANT, "EndpointConfigName": config_name}
    return [{"Name": name, "Value": value} for name, value in found.items()]


def definitions(configuration: Configuration, config_name: str) -> Iterator[dict[str, Any]]:
    """The arguments of PutMetricAlarm."""
    errors, latency, answers = names(config_name)
    common = {
        "Dimensions": dimensions(configuration.endpoint_name, config_name),
        "Period": PERIOD_SECONDS,
        "EvaluationPeriods": 1,
        "TreatMissingData": "notBreaching",  # no requests are no reason to go back
    }
    yield {
        "AlarmName": errors,
        "Namespace": ENDPOINTS,
        "AlarmDescription": "The version that is being deployed answered a request with HTTP 5xx.",
        "MetricName": "Invocation5XXErrors",
        "Statistic": "Sum",
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        **common,
    }
    yield {
        "AlarmName": latency,
        "Namespace": ENDPOINTS,
        "AlarmDescription": "The version that is being deployed takes too long to answer.",
        "MetricName": "ModelLatency",
        "ExtendedStatistic": "p99",
        "Threshold": configuration.rollout.latency_milliseconds * 1000.0,  # the metric has microseconds
        "ComparisonOperator": "GreaterThanThreshold",
        **common,
    }
    yield {
        "AlarmName": answers,
        "Namespace": configuration.metrics_namespace,
        "AlarmDescription": "The version that is being deployed answers otherwise than it did in its evaluation.",
        "MetricName": WRONG_ANSWERS,
        "Statistic": "Sum",
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
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
