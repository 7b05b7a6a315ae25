"""Rebases a version: registers its archive anew in the container image that the pipelines know, after an evaluation."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.delivery.comparison import deployed_definition
from pipelines.errors import AwsError, DataError
from pipelines.operations.champion import champion_parameters
from pipelines.operations.training import start_and_follow
from pipelines.operations.workplace import Workplace
from pipelines.registry.evaluations import read
from pipelines.registry.versions import ModelVersion, find, versions
from pipelines.settings.naming import Names
from pipelines.waiting.pipeline_executions import list_steps

# Parameters that a version answers in its metadata.
ORIGIN = {"InputDataUri": "data_uri", "CodeDigest": "code_digest", "GitCommit": "git_commit"}
UNKNOWN = "unknown"  # what it does not say, as another tool registered it


@dataclass(frozen=True)
class Rebase:
    """A version that is going to be rebased, the image that it has, the one that it gets, and the parameters for it."""

    version: ModelVersion
    before: str
    after: str
    parameters: Mapping[str, str]


def plan_rebase(work: Workplace, known: Sequence[ModelVersion], version: ModelVersion) -> Rebase:
    """Looks whether a version can be rebased; `known` are all versions.

    Raises:
        DataError: it was rejected, cannot be deployed, has other classes, has the image already, or what it was
            evaluated with is gone.
        AwsError: the pipeline that rebases has not been deployed.
    """
    refuse(version)
    before, after = image_of(work.aws, version), new_image(work.aws, work.names)
    refuse_same(known, version, before, after)
    refuse_other_classes(work, version)
    origin = {name: version.metadata.get(key) or UNKNOWN for name, key in ORIGIN.items()}
    parameters = {
        "RebasedFrom": version.arn,
        "ModelUri": version.model_uri,
        "PreparedDataUri": prepared_data(work.aws, version),
        **origin,
        **champion_parameters(work.aws, work.names),
    }
    return Rebase(version, before, after, parameters)


def carry_out(work: Workplace, planned: Rebase) -> ModelVersion:
    """Evaluates and registers it; returns the new version. Raises as `training.follow_training` does."""
    done = start_and_follow(work, work.names.rebase_pipeline, planned.parameters)
    arn = done.step("RegisterModel").metadata["RegisterModel"]["Arn"]
    return find(versions(work.aws, work.names), work.names, int(arn.rpartition("/")[2]))


def refuse(version: ModelVersion) -> None:
    """Raises DataError for a version that nobody should bring to the endpoint again."""
    if version.status == "Rejected":
        raise DataError(f"version {version.version} was rejected; only what may be deployed some day is rebased")
    if version.defect:
        raise DataError(f"version {version.version} cannot be deployed: {version.defect}; register it anew")


def refuse_same(known: Sequence[ModelVersion], version: ModelVersion, before: str, after: str) -> None:
    """Raises DataError if the version, or one that was rebased from it, is in the new image already."""
    if before == after:
        raise DataError(
            f"version {version.version} has the image {after} already, the newest that the pipelines know; "
            "`scones images build` makes a newer one, and `scones pipeline upsert` has the pipelines take it"
        )
    for each in known:
        if (
            each.metadata.get("rebased_from") == version.arn
            and each.metadata.get("image") == after
            and each.status != "Rejected"
        ):
            raise DataError(f"version {each.version} is version {version.version} in the image {after} already")


def refuse_other_classes(work: Workplace, version: ModelVersion) -> None:
    """Raises DataError for a version that tells other classes apart than the configuration says."""
    own, configured = set(read(work.aws, version).document["per_class"]), set(work.settings.dataset.classes)
    if own != configured:
        raise DataError(
            f"version {version.version} tells {', '.join(sorted(own))} apart, and the configuration has "
            f"{', '.join(sorted(configured))} (dataset.classes); train anew"
        )


def image_of(aws: Aws, version: ModelVersion) -> str:
    """The container image of a version."""
    package = aws.sagemaker.describe_model_package(ModelPackageName=version.arn)
    return str(package["InferenceSpecification"]["Containers"][0]["Image"])


def new_image(aws: Aws, names: Names) -> str:
    """The image with which the deployed pipeline registers. Raises AwsError if there is no such pipeline."""
    found = deployed_definition(aws, names.rebase_pipeline)
    if found is None:
        raise AwsError(f"the pipeline {names.rebase_pipeline} does not exist; run `scones pipeline upsert`")
    [gate] = [each for each in json.loads(found)["Steps"] if each["Name"] == "CheckQuality"]
    register = next(each for each in gate["Arguments"]["IfSteps"] if each["Type"] == "RegisterModel")
    return str(register["Arguments"]["InferenceSpecification"]["Containers"][0]["Image"])


def prepared_data(aws: Aws, version: ModelVersion) -> str:
    """The S3 folder of what PrepareData made for a version: its training and test photos.

    Raises:
        DataError: SageMaker no longer knows the execution that evaluated the version.
    """
    execution = version.metadata.get("execution", "")
    try:
        steps = list_steps(aws, execution) if execution.startswith("arn:") else []
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFound":
            raise
        steps = []
    for step in steps:
        if step.name == "EvaluateModel" and step.job:
            job = aws.sagemaker.describe_processing_job(ProcessingJobName=step.job[1])
            inputs = {each["InputName"]: each["S3Input"]["S3Uri"] for each in job["ProcessingInputs"]}
            return str(inputs["test"]).removesuffix("/test")
    raise DataError(
        f"the execution that evaluated version {version.version} is gone, and with it where its test photos are; "
        "train anew with its data (`scones registry show` has their URI)"
    )
