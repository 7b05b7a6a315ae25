"""The alarms of a new configuration, as CloudWatch gets them."""

import boto3
from botocore.stub import Stubber
from unit.lambdas.deployment import ENVIRONMENT

from lambdas.deploy_model.alarms import definitions, names, remove
from lambdas.deploy_model.rollout import Rollout

WATCHED = {
    "Namespace": "AWS/SageMaker",
    "Dimensions": [
        {"Name": "EndpointName", "Value": "vehicles"},
        {"Name": "VariantName", "Value": "AllTraffic"},
        {"Name": "EndpointConfigName", "Value": "vehicles-v2"},
    ],
    "Period": 60,
    "EvaluationPeriods": 1,
    "TreatMissingData": "notBreaching",
}


def test_one_error_or_slow_answers_ring() -> None:
    assert list(definitions("vehicles", "AllTraffic", "vehicles-v2", Rollout.parse(ENVIRONMENT))) == [
        {
            "AlarmName": "vehicles-v2-errors",
            "AlarmDescription": "The version that is being deployed answered a request with HTTP 5xx.",
            "MetricName": "Invocation5XXErrors",
            "Statistic": "Sum",
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            **WATCHED,
        },
        {
            "AlarmName": "vehicles-v2-latency",
            "AlarmDescription": "The version that is being deployed takes too long to answer.",
            "MetricName": "ModelLatency",
            "ExtendedStatistic": "p99",
            "Threshold": 500_000.0,
            "ComparisonOperator": "GreaterThanThreshold",
            **WATCHED,
        },
    ]


def test_alarms_are_deleted_a_hundred_at_a_time() -> None:
    configs = [f"vehicles-v{number}" for number in range(101)]
    found = [alarm for config in configs for alarm in names(config)]
    cloudwatch = boto3.client("cloudwatch", region_name="eu-west-1")
    with Stubber(cloudwatch) as answers:
        for part in (found[:100], found[100:200], found[200:]):
            answers.add_response("delete_alarms", {}, {"AlarmNames": part})
        remove(cloudwatch, configs)
        answers.assert_no_pending_responses()
