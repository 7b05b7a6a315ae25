"""One real local AWS for all tests of this folder, and plain boto3 clients of it."""

import io
import json
import tarfile
import textwrap
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest

from local.server.embedded import LocalAws, start

REGION = "eu-west-1"
ROLE = "arn:aws:iam::123456789012:role/tests"
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/image:1"
BUCKET = "tests-bucket"
STOP_SECONDS = 5  # between SIGTERM and SIGKILL
Wait = Callable[..., Any]
Hear = Callable[[str], None]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the local AWS."""
    return tmp_path_factory.mktemp("local-aws")


@pytest.fixture(scope="session")
def lines() -> list[str]:
    """What the local AWS said so far."""
    return []


@pytest.fixture(scope="session")
def aws(data: Path, lines: list[str]) -> Iterator[LocalAws]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOCAL_AWS_STOP_SECONDS", str(STOP_SECONDS))
        with start(data, REGION, lines.append) as local_aws:
            client(local_aws, "s3").create_bucket(
                Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
            yield local_aws


def client(local_aws: LocalAws, service: str) -> Any:
    """A client that sees nothing but the local AWS; it does not retry, so that errors show."""
    return boto3.client(
        service,
        endpoint_url=local_aws.endpoint_url,
        region_name=REGION,
        aws_access_key_id=local_aws.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=local_aws.environment["AWS_SECRET_ACCESS_KEY"],
    )


@pytest.fixture(scope="session")
def s3(aws: LocalAws) -> Any:
    return client(aws, "s3")


@pytest.fixture(scope="session")
def sagemaker(aws: LocalAws) -> Any:
    return client(aws, "sagemaker")


@pytest.fixture(scope="session")
def functions(aws: LocalAws) -> Any:
    return client(aws, "lambda")


@pytest.fixture(scope="session")
def wait() -> Wait:
    """`wait(describe, key, *endings)`: poll until the value of `key` is one of `endings`."""

    def poll(describe: Callable[[], dict[str, Any]], key: str, *endings: str, seconds: float = 60) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while (answer := describe())[key] not in endings:
            assert time.monotonic() < deadline, answer
            time.sleep(0.1)
        return answer

    return poll


@pytest.fixture(scope="session")
def hear(lines: list[str]) -> Hear:
    """`hear(text)`: wait until the local AWS has said it, which a thread of ours reads when it comes to it."""

    def poll(text: str) -> None:
        deadline = time.monotonic() + 20
        while not any(text in line for line in lines):
            assert time.monotonic() < deadline, lines[-10:]
            time.sleep(0.05)

    return poll


@pytest.fixture(scope="session")
def create_function(aws: LocalAws, functions: Any) -> Callable[..., str]:
    """`create_function(name, source)` creates a Lambda function of one module; its ARN."""
    iam = client(aws, "iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = {"Version": "2012-10-17", "Statement": [trust]}
    iam.create_role(RoleName="tests", AssumeRolePolicyDocument=json.dumps(policy))

    def create(name: str, source: str, **more: Any) -> str:
        answer = functions.create_function(
            FunctionName=name,
            Runtime="python3.11",
            Role=ROLE,
            Handler="handler.handler",
            Code={"ZipFile": zipped(source)},
            **{"Timeout": 20, **more},
        )
        return str(answer["FunctionArn"])

    return create


def zipped(source: str) -> bytes:
    """A Lambda package with one module, `handler`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handler.py", textwrap.dedent(source))
    return buffer.getvalue()


def tarred(files: dict[str, str]) -> bytes:
    """A tar.gz of text files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            content = textwrap.dedent(text).encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent to notice does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
