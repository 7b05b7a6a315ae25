"""Deletes an environment, in the order in which AWS lets go of it; what is gone already is no error."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.delivery import stacks
from pipelines.errors import AwsError
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

# How the services say that something does not exist.
ABSENT_CODES = {"ResourceNotFound", "ResourceNotFoundException", "StateMachineDoesNotExist", "NoSuchBucket", "404"}
ABSENT_WORDS = ("could not find", "does not exist", "not found")


@dataclass(frozen=True)
class DestructionReport:
    """What was deleted, what was not there, and what stays."""

    deleted: tuple[str, ...]
    absent: tuple[str, ...]
    kept: tuple[str, ...]

    def describe(self) -> str:
        """A few lines."""
        parts = (("deleted", self.deleted), ("was not there", self.absent), ("kept", self.kept))
        return "\n".join(f"{what}: {each}" for what, found in parts for each in found)


@dataclass(frozen=True)
class Deletion:
    """One thing to delete; `run` returns False, or AWS says so, when it is not there."""

    title: str
    run: Callable[[], object]


def destroy(settings: Settings, aws: Aws, *, keep_data: bool = True) -> DestructionReport:
    """Deletes what deployments, pipelines and approvals made. Data and registered models only when told to.

    Raises:
        AwsError: a stack could not be deleted, with the reasons of its resources.
    """
    names = Names.of(settings, aws.account)
    deletions = [*serving(aws, names), *application(aws, names), *([] if keep_data else data(aws, names))]
    deleted: list[str] = []
    absent: list[str] = []
    for deletion in deletions:
        (deleted if done(deletion) else absent).append(deletion.title)
    kept = (f"bucket {names.bucket}", f"model package group {names.model_package_group}") if keep_data else ()
    return DestructionReport(tuple(deleted), tuple(absent), kept)


def done(deletion: Deletion) -> bool:
    """Deletes one thing; returns whether it was there."""
    try:
        return deletion.run() is not False
    except ClientError as error:
        if is_absent(error):
            return False
        raise


def is_absent(error: ClientError) -> bool:
    """Whether AWS says that there is no such thing."""
    message = error.response["Error"].get("Message", "").lower()
    return error.response["Error"]["Code"] in ABSENT_CODES or any(words in message for words in ABSENT_WORDS)


def serving(aws: Aws, names: Names) -> Iterator[Deletion]:
    """The endpoint, and every configuration and model that it ever had."""
    sagemaker = aws.sagemaker
    yield Deletion(f"endpoint {names.endpoint}", partial(delete_endpoint, aws, names.endpoint))
    stem = names.model_package_group[:40].rstrip("-") + "-v"  # as lambdas/deploy_model/models.py names them
    for page in sagemaker.get_paginator("list_endpoint_configs").paginate(NameContains=stem):
        for name in starting_with(stem, page["EndpointConfigs"], "EndpointConfigName"):
            delete = partial(sagemaker.delete_endpoint_config, EndpointConfigName=name)
            yield Deletion(f"endpoint configuration {name}", delete)
    for page in sagemaker.get_paginator("list_models").paginate(NameContains=stem):
        for name in starting_with(stem, page["Models"], "ModelName"):
            yield Deletion(f"model {name}", partial(sagemaker.delete_model, ModelName=name))


def starting_with(stem: str, found: list[dict[str, Any]], field: str) -> list[str]:
    """Names that begin with a stem: the list operations only look for names that contain it."""
    return [each[field] for each in found if each[field].startswith(stem)]


def delete_endpoint(aws: Aws, name: str) -> None:
    """Deletes the endpoint and waits: its configuration cannot go before."""
    aws.sagemaker.delete_endpoint(EndpointName=name)
    aws.sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=name, WaiterConfig={"Delay": 5, "MaxAttempts": 120})


def application(aws: Aws, names: Names) -> Iterator[Deletion]:
    """The state machine, the pipelines and the application's stack."""
    yield Deletion(f"state machine {names.state_machine}", partial(delete_state_machine, aws, names.state_machine_arn))
    for pipeline in (names.training_pipeline, names.monitoring_pipeline):
        yield Deletion(f"pipeline {pipeline}", partial(aws.sagemaker.delete_pipeline, PipelineName=pipeline))
    yield Deletion(f"stack {names.application_stack}", partial(stacks.delete, aws, names.application_stack))


def delete_state_machine(aws: Aws, arn: str) -> None:
    """Deletes the state machine; DeleteStateMachine itself does not tell whether it was there."""
    aws.stepfunctions.describe_state_machine(stateMachineArn=arn)
    aws.stepfunctions.delete_state_machine(stateMachineArn=arn)


def data(aws: Aws, names: Names) -> Iterator[Deletion]:
    """The registered models, the bucket's contents and the bucket."""
    group = names.model_package_group
    for arn in model_packages(aws, group):
        yield Deletion(f"model package {arn}", partial(aws.sagemaker.delete_model_package, ModelPackageName=arn))
    yield Deletion(f"model package group {group}", partial(delete_group, aws, group))
    yield Deletion(f"contents of bucket {names.bucket}", partial(empty_bucket, aws, names.bucket))
    yield Deletion(f"stack {names.storage_stack}", partial(stacks.delete, aws, names.storage_stack))


def delete_group(aws: Aws, group: str) -> None:
    """Deletes the group of model packages, once it is known that there is one."""
    aws.sagemaker.describe_model_package_group(ModelPackageGroupName=group)
    aws.sagemaker.delete_model_package_group(ModelPackageGroupName=group)


def model_packages(aws: Aws, group: str) -> list[str]:
    """ARNs of all versions of a group; none when there is no such group."""
    pages = aws.sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    try:
        return [each["ModelPackageArn"] for page in pages for each in page["ModelPackageSummaryList"]]
    except ClientError as error:
        if is_absent(error):
            return []
        raise


def empty_bucket(aws: Aws, bucket: str) -> None:
    """Deletes every version of every object, and the marks that deletions left."""
    for page in aws.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
        if objects:
            refused = aws.s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True}).get("Errors", [])
            if refused:
                first = f"{refused[0]['Key']}: {refused[0]['Message']}"
                raise AwsError(f"{len(refused)} objects of bucket {bucket} could not be deleted; {first}")
