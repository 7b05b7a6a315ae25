"""The record of the images that were built last."""

import json

import boto3
import pytest

from pipelines.aws import Aws
from pipelines.delivery.image_record import RECORD, find_images, read_record, reason_to_build, refuse_without_build
from pipelines.errors import AwsError, ConfigurationError
from pipelines.packages.code import package_image_sources
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

DIGESTS = {"training-cpu": "sha256:" + "ab" * 32, "inference-cpu": "sha256:" + "cd" * 32}


@pytest.fixture
def building(settings: Settings) -> Settings:
    containers = settings.containers.model_copy(update={"pinned": {}})
    return settings.model_copy(update={"containers": containers})


@pytest.fixture
def account(session: boto3.Session) -> Aws:
    return Aws(session)


def record(aws: Aws, names: Names, **changes: object) -> None:
    content = {"built": "2026-03-02", "sources": package_image_sources().key, "digests": DIGESTS, **changes}
    aws.s3.put_object(Bucket=names.bucket, Key=RECORD, Body=json.dumps(content))


def test_nothing_was_built(account: Aws, building: Settings, names: Names) -> None:
    assert read_record(account, names) is None
    assert reason_to_build(building, None, package_image_sources()) == "no container images have been built yet"
    with pytest.raises(ConfigurationError, match="training-cpu has not been built yet"):
        find_images(account, building, names)


def test_what_was_built_is_taken(account: Aws, building: Settings, names: Names) -> None:
    record(account, names)
    assert reason_to_build(building, read_record(account, names), package_image_sources()) == ""
    images = find_images(account, building, names)
    assert images.uri("inference", "ml.m5.large").endswith(
        f"scones-unlimited-local-inference@{DIGESTS['inference-cpu']}"
    )


def test_what_was_built_of_other_sources_is_built_anew(account: Aws, building: Settings, names: Names) -> None:
    record(account, names, sources="code/containers/0.zip")
    assert "images of 2026-03-02 are not of this Dockerfile" in reason_to_build(
        building, read_record(account, names), package_image_sources()
    )
    gpu = building.training.model_copy(update={"instance_type": "ml.g5.xlarge"})
    reason = reason_to_build(
        building.model_copy(update={"training": gpu}), read_record(account, names), package_image_sources()
    )
    assert reason == "the container image training-gpu has not been built yet"


@pytest.mark.parametrize(
    "body", ["", "[]", '{"built": "yesterday"}', '{"built": "2026-03-02", "sources": "", "digests": {}}']
)
def test_a_record_that_cannot_be_read_is_named(body: str, account: Aws, names: Names) -> None:
    account.s3.put_object(Bucket=names.bucket, Key=RECORD, Body=body)
    with pytest.raises(AwsError, match=f"s3://{names.bucket}/containers/images.json is not what"):
        read_record(account, names)


def test_an_environment_without_images_of_its_own(aws: Aws, settings: Settings, names: Names) -> None:
    refused = settings.containers.model_copy(update={"source": "aws"})
    elsewhere = settings.model_copy(update={"containers": refused})
    assert "pytorch:2.13-cpu" in find_images(aws, elsewhere, names).uri("training", "ml.m5.large")  # asks nobody
    with pytest.raises(ConfigurationError, match="the environment local builds no container images"):
        refuse_without_build(elsewhere)
