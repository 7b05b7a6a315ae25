"""Settings, names and SDK sessions against moto, for tests of the builders."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from pipelines.settings.model import Settings
from pipelines.settings.naming import Names
from pipelines.settings.reading import load

ACCOUNT = "123456789012"


@pytest.fixture
def settings() -> Settings:
    return load("local")


@pytest.fixture
def names(settings: Settings) -> Names:
    return Names.of(settings, ACCOUNT)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, settings: Settings, names: Names) -> Iterator[boto3.Session]:
    """A boto3 session on moto, in an account that has the environment's bucket."""
    for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(key, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", settings.region)
    monkeypatch.setenv("SAGEMAKER_VALIDATE_ROLE", "false")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        session = boto3.Session(region_name=settings.region)
        session.client("s3").create_bucket(
            Bucket=names.bucket, CreateBucketConfiguration={"LocationConstraint": settings.region}
        )
        yield session
