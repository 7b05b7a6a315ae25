"""Container images that still get patches, and those that do not."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import pytest
from unit.pipelines.aws_in_memory import account_with_bucket

from pipelines.aws import Aws
from pipelines.delivery.image_record import RECORD
from pipelines.doctor import images
from pipelines.doctor.findings import Finding, State
from pipelines.packages.code import package_image_sources
from pipelines.registry.versions import versions
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names


@pytest.fixture
def environment(names: Names) -> Iterator[Aws]:
    with account_with_bucket(names) as session:
        yield Aws(session)


def states(found: Iterator[Finding]) -> dict[str, State]:
    return {each.subject: each.state for each in found}


@pytest.mark.parametrize(("days", "state"), [(-61, "ok"), (-1, "do"), (1, "do")])
def test_an_image_that_is_about_to_leave_support(days: int, state: State) -> None:
    ends = images.FRAMEWORKS["training"].patched_until
    assert states(images.images_of_aws(ends + timedelta(days)))["image of training and processing"] == state


def test_the_image_that_serves_is_over_today() -> None:
    assert states(images.images_of_aws(date(2026, 12, 1)))["image of the endpoint"] == "do"


def test_own_images(environment: Aws, settings: Settings, names: Names) -> None:
    containers = settings.containers.model_copy(update={"pinned": {}})
    building = settings.model_copy(update={"containers": containers})

    def found(today: date, of: Settings = building) -> list[tuple[State, str]]:
        return [
            (each.state, each.text)
            for each in images.images(environment, of, names, partial(versions, environment, names), today)
        ]

    [missing] = found(date(2026, 3, 2))
    assert missing == ("do", "no container images have been built yet; run `scones images build`")
    digests = dict.fromkeys(("training-cpu", "inference-cpu"), "sha256:ab")
    record = {"built": "2026-03-02", "sources": package_image_sources().key, "digests": digests}
    environment.s3.put_object(Bucket=names.bucket, Key=RECORD, Body=json.dumps(record))
    assert [state for state, _ in found(date(2026, 3, 17))] == ["ok"]
    assert [state for state, _ in found(date(2026, 3, 18))] == ["do"]
    [_, python] = found(date(2027, 10, 1))
    assert python == ("do", "Python 3.11 gets patches until 2027-10-31; plan the next (docs/containers.md)")
    assert [state for state, _ in found(date(2026, 3, 18), settings)] == ["ok"]  # all are pinned
    environment.s3.delete_object(Bucket=names.bucket, Key=RECORD)


@pytest.fixture
def served(environment: Aws, names: Names) -> str:
    """The digest of an image in the registry, which was pushed today."""
    ecr = environment.client("ecr")
    ecr.create_repository(repositoryName=names.repository("inference"))
    media_type = "application/vnd.docker.distribution.manifest.v2+json"
    manifest = {
        "schemaVersion": 2,
        "mediaType": media_type,
        "config": {"digest": "sha256:" + "ab" * 32, "size": 1},
        "layers": [],
    }
    pushed = ecr.put_image(
        repositoryName=names.repository("inference"), imageManifest=json.dumps(manifest), imageTag="a"
    )
    return str(pushed["image"]["imageId"]["imageDigest"])


def approve(aws: Aws, names: Names, image: str) -> None:
    aws.sagemaker.create_model_package_group(ModelPackageGroupName=names.model_package_group)
    container = {"Image": image, "ModelDataUrl": "s3://bucket/model.tar.gz"}
    specification = {"Containers": [container], "SupportedContentTypes": ["a"], "SupportedResponseMIMETypes": ["a"]}
    aws.sagemaker.create_model_package(
        ModelPackageGroupName=names.model_package_group,
        ModelApprovalStatus="Approved",
        InferenceSpecification=specification,
    )


@pytest.mark.parametrize(("days", "state"), [(0, "ok"), (90, "ok"), (91, "do")])
def test_the_age_of_the_image_that_serves(days: int, state: State, environment: Aws, names: Names, served: str) -> None:
    approve(environment, names, f"{names.registry}/{names.repository('inference')}@{served}")
    known, today = partial(versions, environment, names), date.today()  # noqa: DTZ011 - moto's, too
    [found] = images.served_image(environment, names, known, today + timedelta(days))
    assert (found.state, "version 1 is of" in found.text) == (state, True)


@pytest.mark.parametrize(
    ("image", "words"),
    [("pytorch:1", "has pytorch:1, not this environment's own"), ("own@sha256:" + "00" * 32, "is not in the registry")],
)
def test_an_image_that_is_not_there(image: str, words: str, environment: Aws, names: Names) -> None:
    approve(environment, names, image.replace("own@", f"{names.registry}/{names.repository('inference')}@"))
    [found] = images.served_image(environment, names, partial(versions, environment, names), date(2026, 3, 2))
    assert found.state == "do"
    assert words in found.text


def test_nothing_serves(environment: Aws, names: Names) -> None:
    assert list(images.served_image(environment, names, partial(versions, environment, names), date(2026, 3, 2))) == []
