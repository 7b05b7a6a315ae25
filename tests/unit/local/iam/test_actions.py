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


@pytest.mark.parametrize(
    ("service", "operation", "members", "resource"),
    [
        ("cloudformation", "DescribeStacks", {"StackName": "s"}, "cloudformation:eu-west-1:1:stack/s/*"),
        ("cloudformation", "ExecuteChangeSet", {"StackName": "s", "ChangeSetName": "c"}, "stack/s/*"),
        ("cloudformation", "DescribeStacks", {"StackName": "arn:aws:cloudformation:x:1:stack/s/a"}, "stack/s/a"),
        ("cloudformation", "ExecuteChangeSet", {"ChangeSetName": "arn:aws:cloudformation:x:1:changeSet/c/a"}, "/c/a"),
        ("cloudformation", "DescribeStacks", {}, "*"),
        ("events", "EnableRule", {"Name": "r"}, "events:eu-west-1:1:rule/r"),
        ("events", "PutTargets", {"Rule": "r"}, "events:eu-west-1:1:rule/r"),
        ("events", "ListRules", {"NamePrefix": "r"}, "*"),
        ("codebuild", "StartBuild", {"projectName": "p"}, "codebuild:eu-west-1:1:project/p"),
        ("lambda", "GetFunction", {"FunctionName": "f"}, "lambda:eu-west-1:1:function:f"),
    ],
)
def test_what_a_request_names(service: str, operation: str, members: dict[str, str], resource: str) -> None:
    (found,) = of_call(service, operation, members, arn)
    assert found.name == f"{service}:{operation}"
    assert found.resource.endswith(resource)


def test_a_version_is_registered_in_a_group_and_is_a_package_of_it() -> None:
    for group in ("g", "arn:aws:sagemaker:eu-west-1:1:model-package-group/g"):
        found = list(of_call("sagemaker", "CreateModelPackage", {"ModelPackageGroupName": group}, arn))
        resources = ("model-package-group/g", "model-package/g/*")
        assert found == [Action("sagemaker:CreateModelPackage", arn("sagemaker", each)) for each in resources]


SCALED = {"ServiceNamespace": "sagemaker", "ResourceId": "endpoint/e/variant/v"}
ROLE = (
    "arn:aws:iam::1:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
)


def test_who_scales_an_endpoint_does_what_is_done_for_it() -> None:
    registering = list(of_call("application-autoscaling", "RegisterScalableTarget", SCALED, arn))
    assert registering == [
        Action(
            "application-autoscaling:RegisterScalableTarget",
            "arn:aws:application-autoscaling:eu-west-1:1:scalable-target/unknown",
        ),
        Action("sagemaker:DescribeEndpoint", "arn:aws:sagemaker:eu-west-1:1:endpoint/e"),
        Action("sagemaker:UpdateEndpointWeightsAndCapacities", "arn:aws:sagemaker:eu-west-1:1:endpoint/e"),
        Action("iam:CreateServiceLinkedRole", ROLE),
    ]
    for operation, names in {
        "PutScalingPolicy": {"PutMetricAlarm", "DescribeAlarms"},
        "DeregisterScalableTarget": {"DeleteAlarms"},
        "DescribeScalableTargets": set(),
    }.items():
        first, *more = of_call("application-autoscaling", operation, SCALED, arn)
        assert first.resource.endswith("/unknown") or first.resource == "*"
        assert {each.resource for each in more} <= {f"{ALARMS}TargetTracking-endpoint/e/variant/v-Alarm"}
        assert {each.name for each in more} == {f"cloudwatch:{name}" for name in names}
