"""Where a model version comes from and where it goes: execution, jobs with what they read and wrote, deployments.

All of it is what ordinary Describe calls tell, so that it is the same wherever the version was registered. SageMaker
also keeps entities of lineage, which it makes by itself on AWS only.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from lambdas.shared.deployments import stem
from pipelines.aws import Aws
from pipelines.registry.versions import ModelVersion
from pipelines.settings.naming import Names
from pipelines.waiting.endpoint import describe_endpoint
from pipelines.waiting.pipeline_executions import Step, list_steps

RECORDED = (
    "data_digest", "data_uri", "code_digest", "git_commit", "evaluation", "champion", "rebased_from", "image",
)  # fmt: skip


@dataclass(frozen=True)
class Job:
    """A job of the execution, with the S3 URIs of what it read and wrote by name.

    `reused_from` is the ARN of the earlier execution that ran it, if this one took it from the cache.
    """

    step: str
    arn: str
    image: str
    reads: Mapping[str, str]
    writes: Mapping[str, str]
    reused_from: str | None


@dataclass(frozen=True)
class Deployment:
    """An endpoint configuration of the version; `endpoint` is the one that has it now, or None."""

    endpoint_config: str
    models: Sequence[str]
    endpoint: str | None


@dataclass(frozen=True)
class Lineage:
    """A version with all that leads to it and from it. `jobs` is empty if SageMaker no longer knows the execution."""

    arn: str
    status: str
    model_uri: str
    recorded: Mapping[str, str]
    execution: str | None
    jobs: Sequence[Job]
    deployments: Sequence[Deployment]


def trace(aws: Aws, names: Names, version: ModelVersion) -> Lineage:
    """The lineage of a version; other tools may have registered it without an execution."""
    execution = version.metadata.get("execution")
    return Lineage(
        arn=version.arn,
        status=version.status,
        model_uri=version.model_uri,
        recorded={name: version.metadata[name] for name in RECORDED if name in version.metadata},
        execution=execution,
        jobs=[_job(aws, step) for step in _steps(aws, execution) if step.job],
        deployments=list(_deployments(aws, names, version)),
    )


def _steps(aws: Aws, execution: str | None) -> list[Step]:
    if execution is None:
        return []
    try:
        return list_steps(aws, execution)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFound":
            raise
        return []


def _job(aws: Aws, step: Step) -> Job:
    kind, name = step.job or ("", "")
    if kind == "TrainingJob":
        found = aws.sagemaker.describe_training_job(TrainingJobName=name)
        arn, image = found["TrainingJobArn"], found["AlgorithmSpecification"].get("TrainingImage", "")
        return Job(step.name, arn, image, _read(found), _trained(found), step.reused_from)
    found = aws.sagemaker.describe_processing_job(ProcessingJobName=name)
    reads = {each["InputName"]: each["S3Input"]["S3Uri"] for each in found.get("ProcessingInputs", [])}
    outputs = found.get("ProcessingOutputConfig", {}).get("Outputs", [])
    writes = {each["OutputName"]: each["S3Output"]["S3Uri"] for each in outputs}
    return Job(
        step.name, found["ProcessingJobArn"], found["AppSpecification"]["ImageUri"], reads, writes, step.reused_from
    )


def _read(training: Mapping[str, Any]) -> dict[str, str]:
    """The channels of a training job. Jobs of earlier versions have their code as a hyperparameter of script mode."""
    channels = training.get("InputDataConfig", [])
    reads = {each["ChannelName"]: each["DataSource"]["S3DataSource"]["S3Uri"] for each in channels}
    code = training.get("HyperParameters", {}).get("sagemaker_submit_directory", "").strip('"')
    return {**reads, "code": code} if code.startswith("s3://") else reads


def _trained(training: Mapping[str, Any]) -> dict[str, str]:
    model = training.get("ModelArtifacts", {}).get("S3ModelArtifacts")
    return {"model": model} if model else {}


def _deployments(aws: Aws, names: Names, version: ModelVersion) -> Iterator[Deployment]:
    """The endpoint configurations that `deploy-model` made of the version, newest first."""
    endpoint = describe_endpoint(aws, names.endpoint)
    now = endpoint["EndpointConfigName"] if endpoint else None
    pages = aws.sagemaker.get_paginator("list_endpoint_configs").paginate(
        NameContains=f"{stem(names.model_package_group)}{version.version}-",
        SortBy="CreationTime",
        SortOrder="Descending",
    )
    for name in [each["EndpointConfigName"] for page in pages for each in page["EndpointConfigs"]]:
        config = aws.sagemaker.describe_endpoint_config(EndpointConfigName=name)
        models = [each["ModelName"] for each in config["ProductionVariants"]]
        yield Deployment(name, models, names.endpoint if name == now else None)
