"""One real local AWS for all tests of this folder, and plain boto3 clients of it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.server.embedded import LocalAws, start
from tests.local.support import (
    DEPLOYMENT_SPEED,
    REGION,
    ROLE,
    STOP_SECONDS,
    TIME_ZONE,
    Hear,
    Wait,
    client,
    create_bucket,
    policy,
    zipped,
)


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
        patch.setenv("LOCAL_AWS_DEPLOYMENT_SPEED", str(DEPLOYMENT_SPEED))
        patch.setenv("TZ", TIME_ZONE)
        with start(data, REGION, lines.append) as local_aws:
            patch.undo()  # it is for this local AWS only
            create_bucket(local_aws)
            yield local_aws


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
def sqs(aws: LocalAws) -> Any:
    return client(aws, "sqs")


@pytest.fixture(scope="session")
def wait() -> Wait:
    """`wait(describe, key, *endings)`: poll until the value of `key` is one of `endings`."""

    def poll(describe: Callable[[], dict[str, Any]], key: str, *endings: object, seconds: float = 90) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while (answer := describe())[key] not in endings:
            assert time.monotonic() < deadline, answer
            time.sleep(0.15)
        return answer

    return poll


@pytest.fixture(scope="session")
def hear(lines: list[str], wait: Wait) -> Hear:
    """`hear(text)`: wait until the local AWS has said it, which a thread of ours reads when it comes to it."""

    def poll(text: str) -> None:
        wait(lambda: {"heard": any(text in line for line in lines), "last": lines[-10:]}, "heard", True)

    return poll


@pytest.fixture(scope="session")
def create_function(aws: LocalAws, functions: Any) -> Callable[..., str]:
    """`create_function(name, source)` creates a Lambda function of one module; its ARN."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    client(aws, "iam").create_role(RoleName="tests", AssumeRolePolicyDocument=policy(trust))

    def create(name: str, source: str, **more: Any) -> str:
        plain = {"Runtime": "python3.11", "Code": {"ZipFile": zipped(source)}, "Timeout": 20}
        answer = functions.create_function(FunctionName=name, Role=ROLE, Handler="handler.handler", **{**plain, **more})
        return str(answer["FunctionArn"])

    return create


@pytest.fixture
def queue(sqs: Any, request: pytest.FixtureRequest) -> tuple[str, str]:
    """URL and ARN of a queue named after the test."""
    name = request.node.originalname.replace("_", "-")[:60]
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


@pytest.fixture
def receive(sqs: Any, queue: tuple[str, str], wait: Wait) -> Callable[[], dict[str, Any]]:
    """The next message of the queue."""

    def look() -> dict[str, Any]:
        messages = sqs.receive_message(QueueUrl=queue[0], MessageAttributeNames=["All"]).get("Messages", [])
        return {"found": bool(messages), "messages": messages}

    return lambda: dict(wait(look, "found", True)["messages"][0])
