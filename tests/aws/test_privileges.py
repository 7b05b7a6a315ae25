"""The deployed roles: what their policies, with all names filled in, allow and what they do not."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from aws.allowed import ALLOWED
from aws.arns import CONFIG, LAMBDA, MACHINE, NAME, PREFIX, ROLES, SAGEMAKER, TARGET
from aws.refused import REFUSED
from moto import mock_aws

from local.iam.policies import allowed, lookup_in
from pipelines.aws import Aws
from pipelines.delivery.deployment import deploy
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names
from pipelines.settings.reading import load
from pipelines.settings.sections import Registry

May = Callable[[str, str, str], bool]
SERVICES = {
    "sagemaker": {"pipeline", "model", "job"},
    "states": {"workflow", "deploy"},
    "events": {"schedule", "deploy-rules"},
    "codebuild": {"images"},
}
# What requests say that conditions of policies ask for.
KEYS: dict[str, str | list[str]] = {
    "events:source": PREFIX,
    "s3:prefix": "executions/a",
    "sagemaker:ModelApprovalStatus": "Approved",
    "aws:TagKeys": ["rolled-back"],
    "application-autoscaling:service-namespace": "sagemaker",
    "application-autoscaling:scalable-dimension": "sagemaker:variant:DesiredInstanceCount",
    "iam:AWSServiceName": "sagemaker.application-autoscaling.amazonaws.com",
    "cloudwatch:namespace": PREFIX,
}


Policies = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def policies() -> Policies:
    """Those where nobody decides about models."""
    return deployed(building_images(load("local")))


@pytest.fixture(scope="module")
def guarded() -> Policies:
    """Those where a person decides about models."""
    settings = load("local")
    return deployed(settings.model_copy(update={"registry": Registry(approval="PendingManualApproval")}))


def building_images(settings: Settings) -> Settings:
    """An environment that takes the newest images that it has built."""
    containers = settings.containers.model_copy(update={"pinned": {}})
    return settings.model_copy(update={"containers": containers})


def deployed(settings: Settings) -> Policies:
    """The statements of each deployed role, by the role's name without the prefix."""
    with mock_aws(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # moto tells of the resources that it leaves out
        aws = Aws.connect(settings.region, {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"})
        deploy(settings, aws)
        prefix = Names.of(settings, aws.account).prefix + "-"
        roles = [each["RoleName"] for each in aws.client("iam").list_roles()["Roles"]]
        return {role.removeprefix(prefix): list(statements(aws, role)) for role in roles}


def statements(aws: Aws, role: str) -> Iterator[dict[str, Any]]:
    iam = aws.client("iam")
    for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        # moto answers with a Python dictionary, or the text of one, where AWS has JSON; YAML reads both texts.
        yield from (document if isinstance(document, dict) else yaml.safe_load(document))["Statement"]


@pytest.fixture
def may(policies: Policies) -> May:
    """Whether a role may do something to something."""

    def decide(role: str, action: str, resource: str) -> bool:
        return allowed(policies[role], action, resource, lookup_in(KEYS | {"iam:PassedToService": service(resource)}))

    return decide


def service(role: str) -> str:
    """The service that a role is for, by the role's ARN."""
    name = role.rpartition(f"{PREFIX}-")[2]
    return next((each for each, roles in SERVICES.items() if name in roles), "lambda") + ".amazonaws.com"


@pytest.mark.parametrize(("role", "action", "resource"), ALLOWED)
def test_a_role_may_do_its_work(role: str, action: str, resource: str, may: May) -> None:
    assert may(role, action, resource)


@pytest.mark.parametrize(("role", "action", "resource"), REFUSED)
def test_a_role_may_not_do_the_work_of_others(role: str, action: str, resource: str, may: May) -> None:
    assert not may(role, action, resource)


def test_the_workflow_speaks_for_its_own_environment_alone(policies: Policies) -> None:
    bus = "arn:aws:events:eu-west-1:123456789012:event-bus/default"
    for source in ("aws.states", "scones-unlimited-prod", f"{PREFIX}-other"):
        assert not allowed(policies["workflow"], "events:PutEvents", bus, lookup_in({"events:source": source}))


def test_the_deploying_function_puts_no_metrics_of_others(policies: Policies) -> None:
    for namespace in ("AWS/SageMaker", "/aws/sagemaker/Endpoints", "scones-unlimited-prod", f"{PREFIX}-other"):
        lookup = lookup_in({"cloudwatch:namespace": namespace})
        assert not allowed(policies["deploy-model"], "cloudwatch:PutMetricData", "*", lookup)


PACKAGE = f"{SAGEMAKER}:model-package/{NAME}/7"
GROUP = f"{SAGEMAKER}:model-package-group/{NAME}"
STATUSES = ("Approved", "Rejected", "PendingManualApproval", None)


def statuses(policies: Policies, role: str, action: str) -> set[str | None]:
    """The approval statuses with which a role may do something to a version; None: without naming one."""
    keys = {each: {"sagemaker:ModelApprovalStatus": each} if each else {} for each in STATUSES}
    return {
        each
        for each in STATUSES
        if any(allowed(policies[role], action, resource, lookup_in(keys[each])) for resource in (GROUP, PACKAGE))
    }


def test_where_a_person_decides_whatever_is_registered_waits(policies: Policies, guarded: Policies) -> None:
    assert statuses(guarded, "pipeline", "sagemaker:CreateModelPackage") == {"PendingManualApproval"}
    assert statuses(policies, "pipeline", "sagemaker:CreateModelPackage") == set(STATUSES)


def test_nobody_but_an_approver_decides(guarded: Policies) -> None:
    deciding = {role: statuses(guarded, role, "sagemaker:UpdateModelPackage") for role in guarded}
    assert {role: found for role, found in deciding.items() if found} == {"approver": {"Approved", "Rejected"}}
    registering = {role for role in guarded if statuses(guarded, role, "sagemaker:CreateModelPackage")}
    assert registering == {"pipeline"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("application-autoscaling:service-namespace", "ecs"),
        ("application-autoscaling:scalable-dimension", "sagemaker:inference-component:DesiredCopyCount"),
    ],
)
def test_nothing_but_variants_of_endpoints_is_scaled(key: str, value: str, policies: Policies) -> None:
    action = "application-autoscaling:RegisterScalableTarget"
    assert not allowed(policies["deploy-model"], action, TARGET, lookup_in({**KEYS, key: value}))


@pytest.mark.parametrize(("role", "key"), [("approver", "rolled-back"), ("deploy-model", "no-instances")])
def test_of_the_marks_a_person_removes_one_and_the_function_the_other(policies: Policies, role: str, key: str) -> None:
    for keys in (["project"], [key, "project"], ["rolled-back"], ["no-instances"]):
        told = lookup_in({"aws:TagKeys": keys})
        assert allowed(policies[role], "sagemaker:DeleteTags", f"{SAGEMAKER}:endpoint-config/{CONFIG}", told) == (
            keys == [key]
        )


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("lambda:UpdateFunctionCode", f"{LAMBDA}-deploy-model"),
        ("iam:PassRole", f"{ROLES}-deploy-model"),
        ("states:UpdateStateMachine", f"{MACHINE}-deploy"),
        ("events:PutRule", f"arn:aws:events:eu-west-1:123456789012:rule/{PREFIX}-approval"),
    ],
)
def test_where_a_person_decides_a_push_cannot_change_what_deploys(
    action: str, resource: str, policies: Policies, guarded: Policies
) -> None:
    lookup = lookup_in(KEYS | {"iam:PassedToService": "lambda.amazonaws.com"})
    assert allowed(policies["delivery"], action, resource, lookup)
    assert not allowed(guarded["delivery"], action, resource, lookup)
