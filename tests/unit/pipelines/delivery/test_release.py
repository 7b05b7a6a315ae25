"""Releasing a pipeline: what is built is what SageMaker stores, with the code that it refers to."""

import json
from collections.abc import Iterator
from functools import partial

import boto3
import pytest
from botocore.stub import Stubber
from unit.pipelines.aws_in_memory import account_with_bucket, answer

from pipelines.aws import Aws
from pipelines.delivery import release
from pipelines.delivery.release import KINDS, Kind, Release
from pipelines.errors import AwsError
from pipelines.sagemaker_sdk import open_session
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names


@pytest.fixture(scope="module")
def session(names: Names) -> Iterator[boto3.Session]:
    """One account for all tests of this file; none takes anything away from it."""
    with account_with_bucket(names) as session:
        yield session


@pytest.fixture
def account(session: boto3.Session) -> Aws:
    """New clients in that account."""
    return Aws(session)


def keys(aws: Aws, names: Names) -> set[str]:
    return {each["Key"] for each in aws.s3.list_objects_v2(Bucket=names.bucket).get("Contents", [])}


def stored(aws: Aws, built: Release) -> str:
    return str(aws.sagemaker.describe_pipeline(PipelineName=built.pipeline.name)["PipelineDefinition"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_prepared_pipeline_refers_to_its_code_and_sends_nothing(
    kind: Kind, account: Aws, settings: Settings, names: Names
) -> None:
    before = keys(account, names)
    built = release.prepare(account, open_session(account, names), settings, names, kind)
    assert built.pipeline.name == getattr(names, f"{kind}_pipeline")
    assert built.code
    for package in built.code:
        assert f"code/{package.name}/{package.digest}/" in built.definition
    assert keys(account, names) == before
    assert built.pipeline.name not in {
        each["PipelineName"] for each in account.sagemaker.list_pipelines()["PipelineSummaries"]
    }


def test_a_release_stores_the_definition_byte_for_byte_with_its_code(
    account: Aws, settings: Settings, names: Names
) -> None:
    built = release.prepare(account, open_session(account, names), settings, names, "monitoring")
    arn = release.upsert(account, names, built)
    assert arn.endswith(f":pipeline/{names.monitoring_pipeline}")
    assert stored(account, built) == built.definition
    tags = account.sagemaker.list_tags(ResourceArn=arn)["Tags"]
    assert {each["Key"]: each["Value"] for each in tags} == {"project": "scones-unlimited", "environment": "local"}
    [code] = built.code
    assert {f"code/monitoring/{code.digest}/files/{path}" for path in code.files} <= keys(account, names)
    assert {"data/no-champion/README.txt", "baseline/README.txt"} <= keys(account, names)


def test_a_second_release_updates_the_pipeline(account: Aws, settings: Settings, names: Names) -> None:
    longer = settings.model_copy(
        update={"processing": settings.processing.model_copy(update={"max_runtime_minutes": 77})}
    )
    build = partial(release.prepare, account, open_session(account, names), names=names, kind="monitoring")
    first = release.upsert(account, names, build(settings=settings))
    changed = build(settings=longer)
    assert release.upsert(account, names, changed) == first
    assert json.loads(stored(account, changed)) == json.loads(changed.definition)
    assert '"MaxRuntimeInSeconds": 4620' in stored(account, changed)


def test_another_definition_than_the_one_that_was_built_is_an_error(
    account: Aws, settings: Settings, names: Names
) -> None:
    built = release.prepare(account, open_session(account, names), settings, names, "monitoring")
    answer(account.sagemaker, "DescribePipeline", lambda _: {"PipelineDefinition": "{}"})
    with pytest.raises(AwsError, match=rf"{names.monitoring_pipeline}: SageMaker stored another definition"):
        release.upsert(account, names, built)


def test_an_execution_starts_with_its_parameters(aws: Aws, sagemaker: Stubber) -> None:
    parameters = [{"Name": "GitCommit", "Value": "abc"}, {"Name": "MinimumAccuracy", "Value": "0.9"}]
    arn = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/training/execution/abcdefghijkl"
    sagemaker.add_response(
        "start_pipeline_execution",
        {"PipelineExecutionArn": arn},
        {"PipelineName": "training", "PipelineParameters": parameters},
    )
    assert release.start(aws, "training", {"GitCommit": "abc", "MinimumAccuracy": "0.9"}) == arn
