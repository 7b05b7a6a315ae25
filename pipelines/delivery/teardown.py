"""Deletes an environment's resources in dependency order and skips those that no longer exist."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from lambdas.shared.deployments import scalable_target, stem
from pipelines.aws import Aws
from pipelines.delivery import stacks
from pipelines.errors import AwsError
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

# The error codes and messages with which the services report that a resource does not exist.
ABSENT_CODES = {
    "ResourceNotFound",
    "ResourceNotFoundException",
    "ObjectNotFoundException",
    "StateMachineDoesNotExist",
    "NoSuchBucket",
    "404",
}
ABSENT_WORDS = ("could not find", "does not exist", "not found", "no scalable target")


@dataclass(frozen=True)
class DestructionReport:
    """What was deleted, what did not exist, what is kept, and what is left because it is not this project's alone."""

    deleted: tuple[str, ...]
    absent: tuple[str, ...]
    kept: tuple[str, ...]
    left: tuple[str, ...]

    def describe(self) -> str:
        """The report as lines of text."""
        parts = (("deleted", self.deleted), ("did not exist", self.absent), ("kept", self.kept), ("left", self.left))
        return "\n".join(f"{what}: {each}" for what, found in parts for each in found)


@dataclass(frozen=True)
class Deletion:
    """A resource to delete. `run` returns False, or AWS answers with an error, if it does not exist."""

    title: str
    run: Callable[[], object]


def destroy(settings: Settings, aws: Aws, *, keep_data: bool = True) -> DestructionReport:
    """Deletes the resources of deployments, pipelines and approvals, and the data only if `keep_data` is False.

    Raises:
        AwsError: a stack could not be deleted; the message has the reason for each resource.
    """
    names = Names.of(settings, aws.account)
    deletions = [*serving(aws, names), *application(aws, names), *([] if keep_data else data(aws, names))]
    deleted: list[str] = []
    absent: list[str] = []
    for deletion in deletions:
        (deleted if done(deletion) else absent).append(deletion.title)
    data_kept = (f"bucket {names.bucket}", f"model package group {names.model_package_group}") if keep_data else ()
    return DestructionReport(tuple(deleted), tuple(absent), data_kept, left(settings, names))


def left(settings: Settings, names: Names) -> tuple[str, ...]:
    """What only a person deletes, in the console or with AWS's own commands."""
    connection = (f"connection {settings.delivery.connection}",) if settings.delivery.connection else ()
    return (
        "log groups /aws/sagemaker/*, which all jobs of the account share and which cost by their size",
        f"report groups {names.prefix}-test-*, if there were builds",
        *(("AWS's role for scaling endpoints, which is the account's",) if settings.endpoint.scaling.enabled else ()),
        *connection,
    )


def done(deletion: Deletion) -> bool:
    """Deletes one resource; returns whether it existed."""
    try:
        return deletion.run() is not False
    except ClientError as error:
        if is_absent(error):
            return False
        raise


def is_absent(error: ClientError) -> bool:
    """Whether an error means that the resource does not exist."""
    message = error.response["Error"].get("Message", "").lower()
    return error.response["Error"]["Code"] in ABSENT_CODES or any(words in message for words in ABSENT_WORDS)


def serving(aws: Aws, names: Names) -> Iterator[Deletion]:
    """The endpoint with its scaling, and all alarms, endpoint configurations and models that deployments have left."""
    sagemaker = aws.sagemaker
    target, autoscaling = scalable_target(names.endpoint), aws.client("application-autoscaling")
    yield Deletion(f"scalable target {target['ResourceId']}", partial(autoscaling.deregister_scalable_target, **target))
    yield Deletion(f"endpoint {names.endpoint}", partial(delete_endpoint, aws, names.endpoint))
    begin = stem(names.model_package_group)
    cloudwatch = aws.client("cloudwatch")
    for page in cloudwatch.get_paginator("describe_alarms").paginate(AlarmNamePrefix=begin):
        for name in starting_with(begin, page["MetricAlarms"], "AlarmName"):
            yield Deletion(f"alarm {name}", partial(cloudwatch.delete_alarms, AlarmNames=[name]))
    for page in sagemaker.get_paginator("list_endpoint_configs").paginate(NameContains=begin):
        for name in starting_with(begin, page["EndpointConfigs"], "EndpointConfigName"):
            delete = partial(sagemaker.delete_endpoint_config, EndpointConfigName=name)
            yield Deletion(f"endpoint configuration {name}", delete)
    for page in sagemaker.get_paginator("list_models").paginate(NameContains=begin):
        for name in starting_with(begin, page["Models"], "ModelName"):
            yield Deletion(f"model {name}", partial(sagemaker.delete_model, ModelName=name))


def starting_with(begin: str, found: list[dict[str, Any]], field: str) -> list[str]:
    """Names that begin so. The list operations themselves only filter by `NameContains`."""
    return [each[field] for each in found if each[field].startswith(begin)]


def delete_endpoint(aws: Aws, name: str) -> None:
    """Deletes the endpoint and waits for it, because its configuration can only be deleted afterwards."""
    aws.sagemaker.delete_endpoint(EndpointName=name)
    aws.sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=name, WaiterConfig={"Delay": 5, "MaxAttempts": 120})


def application(aws: Aws, names: Names) -> Iterator[Deletion]:
    """The state machines, the pipelines, and the stacks of images, application and delivery."""
    for arn in (names.state_machine_arn, names.batch_machine_arn):
        yield Deletion(f"state machine {arn.rpartition(':')[2]}", partial(delete_state_machine, aws, arn))
    for pipeline in names.pipelines:
        yield Deletion(f"pipeline {pipeline}", partial(aws.sagemaker.delete_pipeline, PipelineName=pipeline))
    yield Deletion(f"stack {names.images_stack}", partial(stacks.delete, aws, names.images_stack))
    yield Deletion(f"stack {names.application_stack}", partial(stacks.delete, aws, names.application_stack))
    yield Deletion(f"stack {names.delivery_stack}", partial(delete_delivery, aws, names.delivery_stack))


def delete_delivery(aws: Aws, name: str) -> bool:
    """Empties the bucket of builds, which CloudFormation would not, and deletes the stack."""
    if stacks.describe(aws, name) is None:
        return False
    for page in aws.cloudformation.get_paginator("list_stack_resources").paginate(StackName=name):
        for each in page["StackResourceSummaries"]:
            if each["ResourceType"] == "AWS::S3::Bucket" and each.get("PhysicalResourceId"):
                done(Deletion(each["PhysicalResourceId"], partial(empty_bucket, aws, each["PhysicalResourceId"])))
    return stacks.delete(aws, name)


def delete_state_machine(aws: Aws, arn: str) -> None:
    """Deletes a state machine. DeleteStateMachine succeeds for one that does not exist, so describe it first."""
    aws.stepfunctions.describe_state_machine(stateMachineArn=arn)
    aws.stepfunctions.delete_state_machine(stateMachineArn=arn)


def data(aws: Aws, names: Names) -> Iterator[Deletion]:
    """The registered models, the bucket's contents and the bucket itself."""
    group = names.model_package_group
    for arn in model_packages(aws, group):
        yield Deletion(f"model package {arn}", partial(aws.sagemaker.delete_model_package, ModelPackageName=arn))
    yield Deletion(f"model package group {group}", partial(delete_group, aws, group))
    yield Deletion(f"contents of bucket {names.bucket}", partial(empty_bucket, aws, names.bucket))
    yield Deletion(f"stack {names.storage_stack}", partial(stacks.delete, aws, names.storage_stack))


def delete_group(aws: Aws, group: str) -> None:
    """Deletes the model package group; the description first fails if there is none."""
    aws.sagemaker.describe_model_package_group(ModelPackageGroupName=group)
    aws.sagemaker.delete_model_package_group(ModelPackageGroupName=group)


def model_packages(aws: Aws, group: str) -> list[str]:
    """ARNs of all versions in a group; none if the group does not exist."""
    pages = aws.sagemaker.get_paginator("list_model_packages").paginate(ModelPackageGroupName=group)
    try:
        return [each["ModelPackageArn"] for page in pages for each in page["ModelPackageSummaryList"]]
    except ClientError as error:
        if is_absent(error):
            return []
        raise


def empty_bucket(aws: Aws, bucket: str) -> None:
    """Deletes all versions of all objects, and the delete markers."""
    for page in aws.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
        if objects:
            refused = aws.s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True}).get("Errors", [])
            if refused:
                first = f"{refused[0]['Key']}: {refused[0]['Message']}"
                raise AwsError(f"{len(refused)} objects of bucket {bucket} could not be deleted; {first}")
