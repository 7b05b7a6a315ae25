"""AWS in the test's process: no call can leave it."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from PIL import Image

from lambdas import clients

BUCKET = "photos-of-the-tests"


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Credentials that no AWS account accepts, and new clients for each test."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    clients.client.cache_clear()
    yield
    clients.client.cache_clear()


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
