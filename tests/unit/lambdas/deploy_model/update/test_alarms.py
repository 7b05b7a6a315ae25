"""The alarms of a new configuration, as CloudWatch gets them."""

import boto3
from botocore.stub import Stubber
from unit.lambdas.deployment import ENVIRONMENT

from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.update import alarms
from lambdas.deploy_model.update.alarms import definitions, names, remove

WATCHED = {
    "Dimensions": [
        {"Name": "EndpointName", "Value": "scones-test-vehicles"},
        {"Name": "VariantName", "Value": "AllTraffic"},
        {"Name": "EndpointConfigName", "Value": "vehicles-v2"},
    ],
    "Period": 60,
    "EvaluationPeriods": 1,
    "TreatMissingData": "notBreaching",
}


def test_one_error_slow_answers_or_a_wrong_one_ring() -> None:
    assert list(definitions(Configuration.parse(ENVIRONMENT), "vehicles-v2")) == [
        {
            "AlarmName": "vehicles-v2-errors",
            "AlarmDescription": "The version that is being deployed answered a request with HTTP 5xx.",
            "Namespace": "AWS/SageMaker",
            "MetricName": "Invocation5XXErrors",
            "Statistic": "Sum",
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            **WATCHED,
        },
        {
            "AlarmName": "vehicles-v2-latency",
            "AlarmDescription": "The version that is being deployed takes too long to answer.",
            "Namespace": "AWS/SageMaker",
            "MetricName": "ModelLatency",
            "ExtendedStatistic": "p99",
            "Threshold": 500_000.0,
            "ComparisonOperator": "GreaterThanThreshold",
            **WATCHED,
        },
        {
            "AlarmName": "vehicles-v2-answers",
            "AlarmDescription": "The version that is being deployed answers otherwise than it did in its evaluation.",
            "Namespace": "scones-test",
            "MetricName": "WrongAnswers",
            "Statistic": "Sum",
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            **WATCHED,
        },
    ]


def test_an_alarm_that_rings_is_named_even_where_cloudwatch_gives_no_reason() -> None:
    cloudwatch = boto3.client("cloudwatch", region_name="eu-west-1")
    silent, ringing, _ = names("vehicles-v2")
    states = [{"AlarmName": silent, "StateValue": "OK"}, {"AlarmName": ringing, "StateValue": "ALARM"}]
    with Stubber(cloudwatch) as answers:
        answers.add_response("describe_alarms", {"MetricAlarms": states}, {"AlarmNames": [*names("vehicles-v2")]})
        assert alarms.ringing(cloudwatch, "vehicles-v2") == ["vehicles-v2-latency: "]


def test_alarms_are_deleted_a_hundred_at_a_time() -> None:
    configs = [f"vehicles-v{number}" for number in range(101)]
    found = [alarm for config in configs for alarm in names(config)]
    cloudwatch = boto3.client("cloudwatch", region_name="eu-west-1")
    with Stubber(cloudwatch) as answers:
        for part in (found[:100], found[100:200], found[200:300], found[300:]):
            answers.add_response("delete_alarms", {}, {"AlarmNames": part})
        remove(cloudwatch, configs)
        answers.assert_no_pending_responses()
