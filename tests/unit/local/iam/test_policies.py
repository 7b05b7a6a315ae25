from typing import Any

import pytest

from local.iam.actions import Action, of_call, of_s3
from local.iam.policies import admits, allowed, lookup_in

OBJECTS = {"Effect": "Allow", "Action": ["s3:Get*", "s3:PutObject"], "Resource": "arn:aws:s3:::bucket/in/*"}
NONE = lookup_in({})
SECRET = {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket/in/secret/*"}
PASS = {
    "Effect": "Allow",
    "Action": "iam:PassRole",
    "Resource": "*",
    "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
}


@pytest.mark.parametrize(
    ("action", "key", "expected"),
    [
        ("s3:GetObject", "in/a", True),
        ("s3:getobject", "in/a", True),
        ("s3:DeleteObject", "in/a", False),
        ("s3:GetObject", "out/a", False),
        ("s3:GetObject", "in/secret/a", False),
    ],
)
def test_what_is_not_allowed_is_denied_and_a_deny_wins(action: str, key: str, expected: bool) -> None:
    assert allowed([OBJECTS, SECRET], action, f"arn:aws:s3:::bucket/{key}", NONE) is expected


def test_conditions_must_hold() -> None:
    def may(**context: str) -> bool:
        keys = {f"iam:{key}": value for key, value in context.items()}
        return allowed([PASS], "iam:PassRole", "arn:role", lookup_in(keys))

    assert may(PassedToService="sagemaker.amazonaws.com")
    assert not may(PassedToService="lambda.amazonaws.com")
    assert not may()


def test_not_action_and_not_resource() -> None:
    statement = {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:secret"}
    assert allowed([statement], "s3:GetObject", "arn:open", NONE)
    assert not allowed([statement], "iam:CreateRole", "arn:open", NONE)
    assert not allowed([statement], "s3:GetObject", "arn:secret", NONE)


def test_variables_of_resources() -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "arn:${aws:PrincipalAccount}:${aws:unknown}"}
    lookup = lookup_in({"aws:PrincipalAccount": "1"})
    assert not allowed([statement], "s3:GetObject", "arn:1:x", lookup)
    assert allowed([{**statement, "Resource": "arn:${aws:PrincipalAccount}:x"}], "s3:GetObject", "arn:1:x", lookup)


ASSUME = "sts:AssumeRole"


def test_who_is_let_in() -> None:
    statement = {"Effect": "Allow", "Principal": {"Service": ["a.amazonaws.com"]}, "Action": ASSUME}
    assert admits([statement], "a.amazonaws.com", ASSUME, NONE)
    assert admits([{**statement, "Principal": {"AWS": "*"}}], "b.amazonaws.com", ASSUME, NONE)
    assert not admits([statement], "b.amazonaws.com", ASSUME, NONE)
    assert not admits([statement], "a.amazonaws.com", "sqs:SendMessage", NONE)
    assert not admits([{**statement, "Effect": "Deny"}], "a.amazonaws.com", ASSUME, NONE)


def test_who_is_let_in_on_whose_behalf() -> None:
    condition = {"ArnLike": {"AWS:SourceArn": "arn:aws:events:*:rule/r-*"}}
    statement = {"Effect": "Allow", "Principal": {"Service": "a"}, "Action": ASSUME, "Condition": condition}
    assert admits([statement], "a", ASSUME, lookup_in({"aws:SourceArn": "arn:aws:events:e:1:rule/r-1"}))
    assert not admits([statement], "a", ASSUME, lookup_in({"aws:SourceArn": "arn:aws:events:e:1:rule/other"}))


def arn(service: str, resource: str) -> str:
    return f"arn:{service}:{resource}"


@pytest.mark.parametrize(
    ("method", "path", "query", "expected"),
    [
        ("GET", "/", {}, ("s3:ListAllMyBuckets", "*")),
        ("GET", "/b", {"list-type": "2"}, ("s3:ListBucket", "arn:aws:s3:::b")),
        ("HEAD", "/b/k", {}, ("s3:GetObject", "arn:aws:s3:::b/k")),
        ("POST", "/b/k%20l", {"uploads": ""}, ("s3:PutObject", "arn:aws:s3:::b/k l")),
        ("DELETE", "/b/k", {"uploadId": "1"}, ("s3:AbortMultipartUpload", "arn:aws:s3:::b/k")),
        ("GET", "/b/k", {"tagging": ""}, ("s3:GetObjectTagging", "arn:aws:s3:::b/k")),
        ("GET", "/b/k", {"versionId": "1"}, ("s3:GetObjectVersion", "arn:aws:s3:::b/k")),
        ("GET", "/b/k", {"versionId": "1", "tagging": ""}, ("s3:GetObjectVersionTagging", "arn:aws:s3:::b/k")),
        ("DELETE", "/b/k", {"versionId": "1"}, ("s3:DeleteObjectVersion", "arn:aws:s3:::b/k")),
    ],
)
def test_requests_to_s3(method: str, path: str, query: dict[str, str], expected: tuple[str, str]) -> None:
    assert list(of_s3(method, path, query, "")) == [Action(*expected)]


def test_a_copy_reads_its_source() -> None:
    assert Action("s3:GetObject", "arn:aws:s3:::a/b") in of_s3("PUT", "/c/d", {}, "/a/b?versionId=1")


@pytest.mark.parametrize(
    ("service", "operation", "request_", "expected"),
    [
        ("sagemaker", "DescribeEndpoint", {"EndpointName": "e"}, ["arn:sagemaker:endpoint/e"]),
        (
            "sagemaker",
            "UpdateEndpoint",
            {"EndpointName": "e", "EndpointConfigName": "c"},
            ["arn:sagemaker:endpoint/e", "arn:sagemaker:endpoint-config/c"],
        ),
        ("sagemaker", "StartPipelineExecution", {"PipelineName": "arn:p"}, ["arn:p"]),
        ("sagemaker", "ListPipelines", {}, ["*"]),
        ("sqs", "SendMessage", {"QueueUrl": "http://h/1/q"}, ["arn:sqs:q"]),
        ("lambda", "InvokeFunction", {"FunctionName": "f"}, ["arn:lambda:function:f"]),
        ("sns", "Publish", {"TopicArn": "arn:t"}, ["arn:t"]),
    ],
)
def test_calls(service: str, operation: str, request_: dict[str, Any], expected: list[str]) -> None:
    assert [action.resource for action in of_call(service, operation, request_, arn)] == expected


def test_a_role_is_passed_on() -> None:
    request = {"ModelName": "m", "ExecutionRoleArn": "arn:aws:iam::1:role/r"}
    assert list(of_call("sagemaker", "CreateModel", request, arn)) == [
        Action("sagemaker:CreateModel", "arn:sagemaker:model/m"),
        Action("iam:PassRole", "arn:aws:iam::1:role/r", "sagemaker.amazonaws.com"),
    ]
