"""AWS in the test's process: no call can leave it."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from moto import mock_aws
from moto.sagemaker.models import sagemaker_backends
from PIL import Image
from unit.lambdas import deployment
from unit.lambdas.sagemaker_in_memory import Account

from lambdas.deploy_model.aws import Clients
from lambdas.shared import clients
from lambdas.shared.logging import logger

BUCKET = "photos-of-the-tests"


@pytest.fixture(autouse=True)
def credentials(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Credentials that no AWS account accepts, and new clients for each test.

    Only tests with an `account` leave theirs to one another: they let go of them, and six clients take long to make.
    """
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    shared = "account" in request.fixturenames
    if not shared:
        clients.client.cache_clear()
    yield
    if not shared:
        clients.client.cache_clear()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the functions log, in place of their standard output."""
    stream = io.StringIO()
    handler = logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    stdout = handler.setStream(stream)
    yield stream
    handler.setStream(stdout)


@pytest.fixture
def aws() -> Iterator[None]:
    """moto in place of AWS."""
    with mock_aws():
        yield


@pytest.fixture
def s3(aws: None) -> Any:
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return client


@pytest.fixture
def artefacts(aws: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The environment of `deploy_model`, and S3 with its bucket."""
    for name, value in deployment.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket=deployment.BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return client


@pytest.fixture
def untagged(artefacts: Any) -> None:
    """moto's ListTags fails for a resource that does not exist, so this answers in its place that there are none."""

    def answer(**_: Any) -> tuple[Any, dict[str, Any]]:
        return AWSResponse("", 200, {}, None), {"Tags": []}

    clients.client("sagemaker").meta.events.register("before-call.sagemaker.ListTags", answer)


@pytest.fixture
def sagemaker(artefacts: Any, untagged: None) -> Any:
    """A registry with three versions: 1 and 2 approved, 3 pending; each has a baseline in S3, and 2 a reference."""
    sagemaker = boto3.client("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName=deployment.GROUP)
    for version, status in enumerate(("Approved", "Approved", "PendingManualApproval"), 1):
        deployment.register(sagemaker, deployment.GROUP, status, f"executions/{version}")
        for name in deployment.baseline_files(version):
            key = f"executions/{version}/{name}"
            artefacts.put_object(Bucket=deployment.BUCKET, Key=key, Body=f"{name} of {version}".encode())
    return sagemaker


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """The environment of `deploy_model`, and an account without versions and endpoint."""
    for name, value in deployment.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    connected = Clients.connect()
    found = Account()
    found.answer_for(connected)
    yield found
    found.leave(connected)


@pytest.fixture
def updates() -> list[dict[str, Any]]:
    """moto has no UpdateEndpoint: this does it after botocore has checked it. All other calls go to moto."""
    calls: list[dict[str, Any]] = []

    def answer(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        calls.append(json.loads(params["body"]))
        endpoint = sagemaker_backends["123456789012"]["eu-west-1"].endpoints[calls[-1]["EndpointName"]]
        endpoint.endpoint_config_name = calls[-1]["EndpointConfigName"]
        return AWSResponse("", 200, {}, None), {"EndpointArn": "arn"}

    clients.client("sagemaker").meta.events.register("before-call.sagemaker.UpdateEndpoint", answer)
    return calls


@pytest.fixture
def put(s3: Any) -> Callable[[bytes], dict[str, str]]:
    """Stores a photo and gives the event that is about it."""

    def store(content: bytes) -> dict[str, str]:
        s3.put_object(Bucket=BUCKET, Key="photos/run/bike.png", Body=content)
        return {"s3_bucket": BUCKET, "s3_key": "photos/run/bike.png", "inference_id": "photo-1"}

    return store


@pytest.fixture
def encode() -> Callable[..., bytes]:
    """A Pillow image in the bytes of a file format."""

    def to_bytes(image: Image.Image, file_format: str = "PNG", **options: Any) -> bytes:
        file = io.BytesIO()
        image.save(file, file_format, **options)
        return file.getvalue()

    return to_bytes
