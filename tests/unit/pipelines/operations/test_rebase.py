"""Rebasing a version: what is refused and why, and what the pipeline is told."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from rich.console import Console
from unit.pipelines.aws_in_memory import answer

from pipelines.aws import Aws
from pipelines.console.progress import Progress
from pipelines.errors import AwsError, DataError
from pipelines.operations.rebase import carry_out, plan_rebase
from pipelines.operations.workplace import Workplace
from pipelines.registry.versions import ModelVersion, versions
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

SAGEMAKER = "arn:aws:sagemaker:eu-west-1:123456789012"
EXECUTION = f"{SAGEMAKER}:pipeline/training/execution/abcdefghijkl"
JOB = f"{SAGEMAKER}:processing-job"
OLD, NEW = "registry/inference@sha256:0", "registry/inference@sha256:1"
PREPARED = "s3://bucket/executions/earlier"


def definition(image: str) -> str:
    """What matters of the pipeline's definition: the image with which it registers."""
    container = {"Image": image, "ModelDataUrl": {"Get": "Parameters.ModelUri"}}
    register = {
        "Name": "RegisterModel-RegisterModel",
        "Type": "RegisterModel",
        "Arguments": {"InferenceSpecification": {"Containers": [container]}},
    }
    gate = {"Name": "CheckQuality", "Type": "Condition", "Arguments": {"IfSteps": [register]}}
    return json.dumps({"Version": "2020-12-01", "Steps": [{"Name": "EvaluateModel", "Type": "Processing"}, gate]})


@pytest.fixture
def steps() -> list[dict[str, Any]]:
    """The steps of every pipeline execution."""
    jobs = {"PrepareData": "prepare", "EvaluateModel": "evaluate"}
    return [
        {"StepName": name, "StepStatus": "Succeeded", "Metadata": {"ProcessingJob": {"Arn": f"{JOB}/{job}"}}}
        for name, job in jobs.items()
    ]


@pytest.fixture
def work(
    settings: Settings, names: Names, session: boto3.Session, tmp_path: Path, manual: Any, steps: list[dict[str, Any]]
) -> Workplace:
    """An account with the pipeline that rebases, and version 1, which is approved and was evaluated."""
    aws = Aws(session)
    aws.sagemaker.create_model_package_group(ModelPackageGroupName=names.model_package_group)
    deploy(aws, names, NEW)
    register(aws, names)
    document = {"per_class": {name: {} for name in settings.dataset.classes}}
    aws.s3.put_object(Bucket=names.bucket, Key="evaluation.json", Body=json.dumps(document).encode())
    answer(aws.sagemaker, "ListPipelineExecutionSteps", lambda _: {"PipelineExecutionSteps": steps})
    inputs = [
        {"InputName": name, "S3Input": {"S3Uri": f"{PREPARED}/{name}", "S3DataType": "S3Prefix"}}
        for name in ("manifest", "test", "others_test")
    ]
    aws.sagemaker.create_processing_job(
        ProcessingJobName="evaluate",
        ProcessingInputs=inputs,
        ProcessingResources={
            "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
        },
        AppSpecification={"ImageUri": "image"},
        RoleArn=names.role_arn("job"),
    )
    return Workplace(settings, names, aws, tmp_path, Progress(Console(quiet=True)), manual.clock)


def deploy(aws: Aws, names: Names, image: str) -> None:
    aws.sagemaker.create_pipeline(
        PipelineName=names.rebase_pipeline,
        PipelineDefinition=definition(image),
        RoleArn=names.role_arn("pipeline"),
        ClientRequestToken="t" * 32,
    )


def register(aws: Aws, names: Names, status: str = "Approved", image: str = OLD, origin: str = "") -> None:
    container = {"Image": image, "ModelDataUrl": "s3://bucket/model.tar.gz"}
    content = {"Containers": [container], "SupportedContentTypes": ["a"], "SupportedResponseMIMETypes": ["b"]}
    metadata = {
        "execution": EXECUTION,
        "evaluation": f"s3://{names.bucket}/evaluation.json",
        "data_uri": "s3://bucket/data/abc",
        "code_digest": "sha256-1",
        **({"rebased_from": origin, "image": image} if origin else {}),
    }
    aws.sagemaker.create_model_package(
        ModelPackageGroupName=names.model_package_group,
        ModelApprovalStatus=status,
        InferenceSpecification=content,
        CustomerMetadataProperties=metadata,
    )


def known(work: Workplace) -> list[ModelVersion]:
    return versions(work.aws, work.names)


def test_the_pipeline_is_told_the_version_its_archive_and_its_photos(work: Workplace) -> None:
    [version] = known(work)
    planned = plan_rebase(work, [version], version)
    assert (planned.version, planned.before, planned.after) == (version, OLD, NEW)
    assert planned.parameters == {
        "RebasedFrom": version.arn,
        "ModelUri": "s3://bucket/model.tar.gz",
        "PreparedDataUri": PREPARED,
        "InputDataUri": "s3://bucket/data/abc",
        "CodeDigest": "sha256-1",
        "GitCommit": "unknown",  # this version does not say it
        "ChampionModelUri": "s3://bucket/model.tar.gz",
        "ChampionModelPackage": version.arn,
    }


def refusal(work: Workplace, version: ModelVersion) -> str:
    with pytest.raises(DataError) as refused:
        plan_rebase(work, known(work), version)
    return str(refused.value)


def test_what_nobody_should_bring_to_the_endpoint_is_refused(work: Workplace) -> None:
    [version] = known(work)
    assert refusal(work, replace(version, status="Rejected")).startswith("version 1 was rejected")
    assert refusal(work, replace(version, defect="it has no containers")).startswith("version 1 cannot be deployed: it")


def test_a_version_that_has_the_image_is_refused(work: Workplace) -> None:
    register(work.aws, work.names, image=NEW)
    said = refusal(work, known(work)[0])
    assert said.startswith(f"version 2 has the image {NEW} already, the newest that the pipelines know")


@pytest.mark.parametrize(("status", "refused"), [("PendingManualApproval", True), ("Rejected", False)])
def test_a_version_is_rebased_once_unless_that_was_rejected(work: Workplace, status: str, refused: bool) -> None:
    [version] = known(work)
    register(work.aws, work.names, status, NEW, version.arn)
    if refused:
        assert refusal(work, version) == f"version 2 is version 1 in the image {NEW} already"
    else:
        assert plan_rebase(work, known(work), version).after == NEW


def test_a_version_of_other_classes_is_refused(work: Workplace) -> None:
    dataset = work.settings.dataset.model_copy(update={"classes": ("bus", "bicycle")})
    other = replace(work, settings=work.settings.model_copy(update={"dataset": dataset}))
    assert refusal(other, known(work)[0]) == (
        "version 1 tells bicycle, motorcycle apart, and the configuration has bicycle, bus (dataset.classes); "
        "train anew"
    )


@pytest.mark.parametrize("execution", [{}, {"execution": ""}, {"execution": "by hand"}])
def test_a_version_that_no_execution_has_made_is_refused(work: Workplace, execution: dict[str, str]) -> None:
    [version] = known(work)
    metadata = {key: value for key, value in version.metadata.items() if key != "execution"}
    said = refusal(work, replace(version, metadata=metadata | execution))
    assert said.startswith("the execution that evaluated version 1 is gone")


@pytest.mark.parametrize("kept", [0, 1])
def test_a_version_whose_evaluation_is_gone_is_refused(work: Workplace, steps: list[dict[str, Any]], kept: int) -> None:
    del steps[kept:]
    assert refusal(work, known(work)[0]).startswith("the execution that evaluated version 1 is gone")


@pytest.mark.parametrize(("code", "raised"), [("ResourceNotFound", DataError), ("AccessDeniedException", ClientError)])
def test_an_execution_that_sagemaker_does_not_tell_of(work: Workplace, code: str, raised: type[Exception]) -> None:
    refused = AWSResponse("", 400, {}, None), {"Error": {"Code": code, "Message": "no"}}
    event = "before-call.sagemaker.ListPipelineExecutionSteps"
    work.aws.sagemaker.meta.events.register_first(event, lambda **_: refused)
    with pytest.raises(raised, match=r"is gone|AccessDenied"):
        plan_rebase(work, known(work), known(work)[0])


def test_without_the_pipeline_it_says_how_to_make_it(work: Workplace) -> None:
    work.aws.sagemaker.delete_pipeline(PipelineName=work.names.rebase_pipeline)
    with pytest.raises(AwsError, match="does not exist; run `scones pipeline upsert`"):
        plan_rebase(work, known(work), known(work)[0])


def registers(work: Workplace, steps: list[dict[str, Any]], arn: str) -> list[dict[str, Any]]:
    """Every execution succeeds, and registers this version; the requests that start one."""
    registered = {"StepName": "RegisterModel", "StepStatus": "Succeeded", "StartTime": datetime(2026, 1, 2, tzinfo=UTC)}
    steps[:] = [registered | {"Metadata": {"RegisterModel": {"Arn": arn}}}]
    started: list[dict[str, Any]] = []

    def start(request: dict[str, Any]) -> dict[str, Any]:
        started.append(request)
        return {"PipelineExecutionArn": EXECUTION}

    answer(work.aws.sagemaker, "StartPipelineExecution", start)
    answer(work.aws.sagemaker, "DescribePipelineExecution", lambda _: {"PipelineExecutionStatus": "Succeeded"})
    return started


def test_it_is_done_when_the_new_version_is_registered(work: Workplace, steps: list[dict[str, Any]]) -> None:
    planned = plan_rebase(work, known(work), known(work)[0])
    register(work.aws, work.names, "PendingManualApproval", NEW)
    started = registers(work, steps, known(work)[0].arn)
    register(work.aws, work.names, "PendingManualApproval", NEW)  # somebody else does so as well
    assert carry_out(work, planned).version == 2
    [request] = started
    assert request["PipelineName"] == work.names.rebase_pipeline
    assert {each["Name"]: each["Value"] for each in request["PipelineParameters"]} == planned.parameters


def test_a_version_that_is_gone_at_once_is_named(work: Workplace, steps: list[dict[str, Any]]) -> None:
    planned = plan_rebase(work, known(work), known(work)[0])
    registers(work, steps, f"{known(work)[0].arn.rpartition('/')[0]}/9")
    with pytest.raises(DataError, match=f"{work.names.model_package_group} has no version 9; it has 1"):
        carry_out(work, planned)
