"""Least privilege: what the roles may do, and that they may do no more."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from cfnlint.data import AdditionalSpecs
from cfnlint.helpers import load_resource

Resources = dict[str, dict[str, Any]]
# What cannot have the environment's name: jobs that SageMaker Pipelines names, and the role that AWS makes for scaling.
SHARED = ("training-job/pipelines-*", "role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/")
Statement = dict[str, Any]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(resources: Resources) -> Iterator[tuple[str, Statement]]:
    """Every statement that allows something, with its role or queue."""
    for name, resource in resources.items():
        documents = [policy["PolicyDocument"] for policy in resource["Properties"].get("Policies", [])]
        documents += [resource["Properties"][key] for key in ("PolicyDocument",) if key in resource["Properties"]]
        for document in documents:
            yield from ((name, each) for each in document["Statement"] if each["Effect"] == "Allow")


@cache
def reference() -> dict[str, Any]:
    """AWS's service authorization reference, as cfn-lint ships it."""
    return dict(load_resource(AdditionalSpecs, "Policies.json"))


def works_on(action: str) -> tuple[str, ...]:
    """The kinds of resource that an action works on; none: only `*` is allowed."""
    service, _, name = action.lower().partition(":")
    return tuple(reference()[service]["Actions"][name].get("Resources", ()))


def test_no_policy_allows_everything_of_a_service(everything: Resources) -> None:
    actions = [action for _, each in statements(everything) for action in as_list(each["Action"])]
    assert len(actions) > 100
    assert [action for action in actions if "*" in action] == []


def test_no_policy_of_aws_is_attached(everything: Resources) -> None:
    assert "ManagedPolicyArns" not in json.dumps(everything)
    assert "FullAccess" not in json.dumps(everything)


def test_every_action_exists(everything: Resources) -> None:
    for _, statement in statements(everything):
        for action in as_list(statement["Action"]):
            works_on(action)


def test_all_resources_only_where_the_api_knows_none(everything: Resources) -> None:
    for role, statement in statements(everything):
        if "*" in as_list(statement["Resource"]):
            limited = "cloudwatch:namespace" in json.dumps(statement.get("Condition", {}))
            specific = [action for action in as_list(statement["Action"]) if works_on(action)]
            assert limited or specific == [], (role, statement["Sid"])


@pytest.mark.parametrize("service", ["s3", "sagemaker", "lambda", "sqs", "states", "cloudformation", "iam", "events"])
def test_resources_are_of_this_environment(service: str, everything: Resources) -> None:
    for role, statement in statements(everything):
        for resource in as_list(statement["Resource"]):
            found = json.dumps(resource)
            if found.endswith('event-bus/default"}'):  # the source of the events tells environments apart
                found += json.dumps(statement["Condition"]["StringEquals"]["events:source"])
            if f":{service}:" in found and not any(each in found for each in SHARED):
                assert "${Project}-${Environment}" in found, (role, statement["Sid"])


def test_roles_are_passed_on_to_named_services_only(everything: Resources) -> None:
    passing = [each for _, each in statements(everything) if "iam:PassRole" in as_list(each["Action"])]
    assert len(passing) == 5
    for statement in passing:
        assert as_list(statement["Action"]) == ["iam:PassRole"]
        assert all(as_list(statement["Condition"]["StringEquals"]["iam:PassedToService"]))


def test_nobody_changes_permissions(everything: Resources) -> None:
    actions = {action for _, each in statements(everything) for action in as_list(each["Action"])}
    of_iam = {action for action in actions if action.startswith("iam:")}
    assert of_iam == {"iam:PassRole", "iam:CreateServiceLinkedRole"}  # the latter of AWS's own role for scaling alone


def actions_of(application: Resources, role: str) -> set[str]:
    found = {action for name, each in statements(application) if name == role for action in as_list(each["Action"])}
    return found - {"logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments", "xray:PutTelemetryRecords"}


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("SerializeImageRole", {"s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"}),
        (
            "ClassifyBatchRole",
            {"s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:PutObject", "sagemaker:InvokeEndpoint"},
        ),
        ("StartWorkflowRole", {"states:StartExecution", "sqs:SendMessage"}),
        ("ClassifyImageRole", {"sagemaker:InvokeEndpoint"}),
        ("FilterInferenceRole", set()),
        ("ScheduleRole", {"sagemaker:StartPipelineExecution"}),
    ],
)
def test_a_role_may_do_its_work_and_no_more(role: str, actions: set[str], application: Resources) -> None:
    assert actions_of(application, role) == actions


def test_the_deploying_function_may_make_the_calls_that_it_makes(application: Resources) -> None:
    assert actions_of(application, "DeployModelRole") == {
        "sagemaker:DescribeModelPackage",
        "sagemaker:ListModelPackages",
        "sagemaker:CreateModel",
        "sagemaker:AddTags",
        "sagemaker:ListTags",
        "sagemaker:DeleteTags",
        "sagemaker:CreateEndpointConfig",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:ListEndpointConfigs",
        "sagemaker:DeleteEndpointConfig",
        "sagemaker:ListModels",
        "sagemaker:DeleteModel",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricData",
        "sagemaker:InvokeEndpoint",
        "sns:Publish",
        "sagemaker:CreateEndpoint",
        "sagemaker:UpdateEndpoint",
        "sagemaker:DescribeEndpoint",
        "sagemaker:DeleteEndpoint",
        "sagemaker:UpdateEndpointWeightsAndCapacities",
        "application-autoscaling:RegisterScalableTarget",
        "application-autoscaling:DeregisterScalableTarget",
        "application-autoscaling:PutScalingPolicy",
        "application-autoscaling:DescribeScalableTargets",
        "application-autoscaling:DescribeScalingPolicies",
        "iam:CreateServiceLinkedRole",
        "iam:PassRole",
        "states:StartExecution",
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:ListBucket",
    }
