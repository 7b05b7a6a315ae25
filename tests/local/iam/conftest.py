"""A local AWS that enforces IAM, and roles, jobs and functions in it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.server.embedded import LocalAws, start
from tests.local.iam.support import ALLOW_S3, CALLER, WRITER, create_function
from tests.local.sagemaker.support import start_processing
from tests.local.support import BUCKET, REGION, client, create_bucket, policy

WRITE = "import boto3, sys; boto3.client('s3').put_object(Bucket=sys.argv[1], Key=sys.argv[2], Body=b'1')"
MakeRole = Callable[..., str]


@pytest.fixture(scope="session")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS that enforces IAM."""
    with start(tmp_path_factory.mktemp("strict"), REGION, enforce_iam=True) as local_aws:
        create_bucket(local_aws)
        yield local_aws


@pytest.fixture(scope="session")
def role(strict: LocalAws) -> MakeRole:
    """`role(name, service, *statements)` makes a role; its ARN."""
    iam = client(strict, "iam")

    def make(name: str, service: str, *statements: dict[str, Any], **more: Any) -> str:
        principal = {"Service": f"{service}.amazonaws.com"}
        trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy(*statements))
        return str(arn)

    return make


@pytest.fixture(scope="session")
def job(strict: LocalAws, wait: Any) -> Callable[..., dict[str, Any]]:
    """`job(name, role, key)`: run a job that writes to a key by its own client; its description."""
    sagemaker = client(strict, "sagemaker")

    def run(name: str, role: str, key: str) -> dict[str, Any]:
        describe = start_processing(sagemaker, name, "python3", "-c", WRITE, BUCKET, key, RoleArn=role)
        return dict(wait(describe, "ProcessingJobStatus", "Completed", "Failed"))

    return run


@pytest.fixture(scope="session")
def function(strict: LocalAws, role: MakeRole) -> str:
    """The ARN of a function that writes an object below `open/`, and answers who it is."""
    return create_function(strict, "writer", role("function", "lambda", ALLOW_S3), WRITER)


@pytest.fixture(scope="session")
def call(strict: LocalAws, role: MakeRole) -> Callable[..., dict[str, Any]]:
    """`call(name, statement, service, call, members)`: what a function with this permission gets for a call."""
    functions = client(strict, "lambda")
    made: set[str] = set()

    def run(name: str, statement: dict[str, Any], service: str, call: str, **members: Any) -> dict[str, Any]:
        if name not in made:
            create_function(strict, name, role(name, "lambda", {"Effect": "Allow", **statement}), CALLER)
            made.add(name)
        event = json.dumps({"service": service, "call": call, "members": members})
        return dict(json.load(functions.invoke(FunctionName=name, Payload=event)["Payload"]))

    return run
