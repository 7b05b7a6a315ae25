"""Which actions on which resources a call takes."""

from typing import Any

import pytest

from local.iam.actions import Action, of_call

ALARMS = "arn:aws:cloudwatch:eu-west-1:1:alarm:"


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:eu-west-1:1:{resource}"


@pytest.mark.parametrize(
    ("operation", "request_of", "expected"),
    [
        ("PutMetricAlarm", {"AlarmName": "a"}, {"a"}),
        ("DeleteAlarms", {"AlarmNames": ["a", "b"]}, {"a", "b"}),
        ("DescribeAlarms", {"AlarmNames": ["a"]}, {"a"}),
    ],
)
def test_alarms_are_resources(operation: str, request_of: dict[str, Any], expected: set[str]) -> None:
    found = set(of_call("monitoring", operation, request_of, arn))
    assert found == {Action(f"cloudwatch:{operation}", f"{ALARMS}{name}") for name in expected}


def test_metrics_and_lists_of_alarms_have_no_resource() -> None:
    assert list(of_call("monitoring", "DescribeAlarms", {}, arn)) == [Action("cloudwatch:DescribeAlarms", "*")]
    assert list(of_call("monitoring", "PutMetricData", {"Namespace": "n"}, arn)) == [
        Action("cloudwatch:PutMetricData", "*")
    ]


def test_a_deployment_looks_at_its_alarms() -> None:
    rollback = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "a"}, {"AlarmName": "b"}]}}
    request = {"EndpointName": "e", "EndpointConfigName": "c", "DeploymentConfig": rollback}
    found = [each for each in of_call("sagemaker", "UpdateEndpoint", request, arn) if "Alarms" in each.name]
    assert found == [Action("cloudwatch:DescribeAlarms", f"{ALARMS}{name}") for name in ("a", "b")]
