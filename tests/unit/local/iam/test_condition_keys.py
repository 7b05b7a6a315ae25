from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from local.iam.actions import Action, of_call
from local.iam.condition_keys import of_action, of_service
from local.protocol.calls import Call
from local.runtime.context import Context

ROLE = "arn:aws:iam::123456789012:role/r"


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(tmp_path, "eu-west-1", 1)


TRAINING = {
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    "EnableNetworkIsolation": True,
    "VpcConfig": {"Subnets": ["a", "b"]},
    "Tags": [{"Key": "team", "Value": "t"}, {"Key": "cost", "Value": "c"}],
}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("sagemaker:InstanceTypes", ["ml.m5.large"]),
        ("sagemaker:MaxRuntimeInSeconds", ["60"]),
        ("sagemaker:NetworkIsolation", ["True"]),
        ("sagemaker:VpcSubnets", ["a", "b"]),
        ("sagemaker:VolumeKmsKey", None),
        ("aws:requesttag/team", ["t"]),
        ("aws:RequestTag/other", None),
        ("aws:TagKeys", ["team", "cost"]),
        ("aws:PrincipalArn", [ROLE]),
        ("iam:PassedToService", None),
    ],
)
def test_keys_of_a_training_job(context: Context, key: str, expected: list[str] | None) -> None:
    call = Call("sagemaker", "", "CreateTrainingJob", TRAINING)
    assert of_action(context, ROLE, Action("sagemaker:CreateTrainingJob", "*"), call)(key) == expected


def test_a_role_that_is_passed_on(context: Context) -> None:
    action = Action("iam:PassRole", ROLE, "sagemaker.amazonaws.com")
    lookup = of_action(context, ROLE, action, Call("sagemaker", "", "CreateModel"))
    assert lookup("iam:PassedToService") == ["sagemaker.amazonaws.com"]


def test_keys_of_s3(context: Context) -> None:
    headers = {"x-amz-server-side-encryption": "aws:kms"}
    request = Request(EnvironBuilder("/b", query_string={"prefix": "p/"}, headers=headers).get_environ())
    lookup = of_action(context, ROLE, Action("s3:ListBucket", "arn:aws:s3:::b"), Call("s3", "k"), request)
    found: Any = [lookup(key) for key in ("s3:prefix", "s3:delimiter", "s3:x-amz-server-side-encryption")]
    assert found == [["p/"], None, ["aws:kms"]]


def test_keys_of_events(context: Context) -> None:
    call = Call("events", "k", "PutEvents", {"Entries": [{"Source": "a"}, {"Source": "b", "EventBusName": "mine"}]})
    (one, two) = of_call("events", "PutEvents", call.members, lambda service, name: f"arn:{service}:{name}")
    assert (one.name, one.resource, two.resource) == (
        "events:PutEvents", "arn:events:event-bus/default", "arn:events:event-bus/mine",
    )  # fmt: skip
    assert of_action(context, ROLE, one, call)("events:source") == ["a", "b"]


def test_keys_of_a_service(context: Context) -> None:
    lookup = of_service(context, "arn:rule")
    assert (lookup("aws:SourceArn"), lookup("AWS:SourceAccount")) == (["arn:rule"], ["123456789012"])


def test_scaling_tells_what_is_scaled_and_for_which_service_a_role_is_made(context: Context) -> None:
    members = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/e/variant/v",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    call = Call("application-autoscaling", "", "RegisterScalableTarget", members)
    first, *_, last = of_call(call.service, call.operation, members, context.arn)
    lookup = of_action(context, ROLE, first, call)
    assert lookup("application-autoscaling:service-namespace") == ["sagemaker"]
    assert lookup("application-autoscaling:scalable-dimension") == ["sagemaker:variant:DesiredInstanceCount"]
    assert lookup("iam:AWSServiceName") is None
    assert of_action(context, ROLE, last, call)("iam:AWSServiceName") == [
        "sagemaker.application-autoscaling.amazonaws.com"
    ]


def test_tags_that_are_removed_are_named_by_their_keys(context: Context) -> None:
    members = {"ResourceArn": "arn:aws:sagemaker:eu-west-1:1:endpoint-config/c", "TagKeys": ["no-instances"]}
    call = Call("sagemaker", "", "DeleteTags", members)
    (action,) = of_call(call.service, call.operation, members, context.arn)
    assert of_action(context, ROLE, action, call)("aws:TagKeys") == ["no-instances"]
