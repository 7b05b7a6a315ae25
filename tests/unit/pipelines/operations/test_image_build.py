"""A build of container images that is started and followed."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from unit.pipelines.aws_in_memory import account_with_bucket
from unit.pipelines.conftest import ManualClock

from pipelines.aws import Aws
from pipelines.delivery.image_record import RECORD
from pipelines.errors import AwsError
from pipelines.operations.image_build import build_images
from pipelines.settings.naming import Names

ID = "scones-unlimited-local-images:1"


@pytest.fixture
def account(names: Names) -> Iterator[Aws]:
    with account_with_bucket(names) as session:
        yield Aws(session)


@pytest.fixture
def codebuild(account: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    client = boto3.client("codebuild", "eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    monkeypatch.setattr(Aws, "client", lambda _, service: client if service == "codebuild" else None)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def answers(codebuild: Stubber, *builds: dict[str, Any]) -> None:
    codebuild.add_response("start_build", {"build": {"id": ID}}, {"projectName": "scones-unlimited-local-images"})
    for each in builds:
        codebuild.add_response(
            "batch_get_builds", {"builds": [{"id": ID, "buildComplete": False, **each}]}, {"ids": [ID]}
        )


def test_a_build_is_followed_to_its_record(
    account: Aws, names: Names, codebuild: Stubber, manual: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3 = account.session.client("s3")
    monkeypatch.setitem(account.__dict__, "s3", s3)
    content = {"built": "2026-03-02", "sources": "code/containers/0.zip", "digests": {"training-cpu": "sha256:ab"}}
    s3.put_object(Bucket=names.bucket, Key=RECORD, Body=json.dumps(content))
    ended = {"buildComplete": True, "buildStatus": "SUCCEEDED", "currentPhase": "COMPLETED"}
    answers(codebuild, {"currentPhase": "QUEUED"}, {"currentPhase": "BUILD"}, {"currentPhase": "BUILD"}, ended)
    told: list[str] = []
    assert build_images(account, names, manual.clock, told.append).digests == {"training-cpu": "sha256:ab"}
    assert told == [f"build {ID}", "  queued", "  build", "  completed"]
    assert manual.time == 30


def test_a_build_that_fails_says_where(account: Aws, names: Names, codebuild: Stubber, manual: ManualClock) -> None:
    phase = {"phaseType": "BUILD", "phaseStatus": "FAILED", "contexts": [{"message": "bash: exit status 1"}]}
    failed = {"buildComplete": True, "buildStatus": "FAILED", "phases": [phase], "logs": {"deepLink": "https://log"}}
    answers(codebuild, failed)
    with pytest.raises(AwsError, match=r"FAILED in the phase BUILD: bash: exit status 1\. Its log: https://log"):
        build_images(account, names, manual.clock, print)


def test_there_is_nothing_that_builds(account: Aws, names: Names, codebuild: Stubber, manual: ManualClock) -> None:
    codebuild.add_client_error("start_build", "ResourceNotFoundException")
    with pytest.raises(
        AwsError, match="no project scones-unlimited-local-images in CodeBuild; `scones deploy` makes it"
    ):
        build_images(account, names, manual.clock, print)
