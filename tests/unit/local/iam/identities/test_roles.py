import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from local.iam.identities.caller import ROLE_HEADER, calling_role
from local.iam.identities.roles import AssumedRoles, statements
from local.protocol.calls import Call
from local.protocol.errors import ServiceError
from local.runtime.context import ACCOUNT, Context

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}


def policy(statement: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def role(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The ARN of a role that SageMaker may assume, with one inline policy."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        iam = boto3.client("iam")
        arn: str = iam.create_role(RoleName="r", AssumeRolePolicyDocument=policy(TRUST))["Role"]["Arn"]
        iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=policy(ALLOW))
        yield arn


def test_the_statements_of_a_role(role: str) -> None:
    assert statements(ACCOUNT, role) == [ALLOW]
    assert statements(ACCOUNT, f"{role}-other") == []


@pytest.mark.parametrize(("suffix", "service"), [("", "lambda.amazonaws.com"), ("-other", "sagemaker.amazonaws.com")])
def test_a_role_is_not_assumed_by_whom_it_does_not_trust(role: str, tmp_path: Path, suffix: str, service: str) -> None:
    context = Context(tmp_path, "eu-west-1", 1, AssumedRoles())
    assert context.enforce_iam
    with pytest.raises(ServiceError, match=f"allows principal '{service}'"):
        context.credentials(f"{role}{suffix}", service, "")


def test_without_enforcement_no_role_is_assumed(tmp_path: Path) -> None:
    context = Context(tmp_path, "eu-west-1", 1)
    assert not context.enforce_iam
    assert context.credentials("arn:aws:iam::1:role/none", "lambda.amazonaws.com", "") == {}


def test_who_calls(role: str, tmp_path: Path) -> None:
    context = Context(tmp_path, "eu-west-1", 1)
    key = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]["AccessKeyId"]
    assert calling_role(Call("s3", key, "GetObject", {}), {}, context) == role
    administrator = Call("s3", context.administrator.access_key, "GetObject", {})
    assert calling_role(administrator, {ROLE_HEADER: role}, context) == ""
    engine = Call("lambda", context.engine.access_key, "Invoke", {})
    assert calling_role(engine, {ROLE_HEADER: role}, context) == role
    assert calling_role(engine, {}, context) == "a state machine"
