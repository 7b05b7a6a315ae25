"""Lists the versions in the SageMaker model registry, and approves or rejects one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.settings.naming import Names

LONGEST_REASON = 1024  # characters that SageMaker allows in a model package's ApprovalDescription
SEPARATOR = " | "


@dataclass(frozen=True)
class ModelVersion:
    """A model package in the environment's group.

    `model_uri` is empty for a version that cannot be deployed; `obstacle` then says why.
    """

    arn: str
    version: int
    status: str
    created: datetime
    reason: str
    model_uri: str
    metadata: Mapping[str, str]
    obstacle: str = ""

    @property
    def reasons(self) -> list[str]:
        """The decisions on this version with their reasons, latest first."""
        return [each for each in self.reason.split(SEPARATOR) if each]


def versions(aws: Aws, names: Names) -> list[ModelVersion]:
    """All versions, newest first; none if nothing has been registered yet."""
    pages = aws.sagemaker.get_paginator("list_model_packages").paginate(
        ModelPackageGroupName=names.model_package_group, SortBy="CreationTime", SortOrder="Descending"
    )
    try:
        arns = [each["ModelPackageArn"] for page in pages for each in page["ModelPackageSummaryList"]]
    except ClientError as error:
        if error.response["Error"]["Code"] in ("ValidationException", "ResourceNotFound"):
            return []
        raise
    found = [_version(aws.sagemaker.describe_model_package(ModelPackageName=arn)) for arn in arns]
    return sorted(found, key=lambda each: each.version, reverse=True)


def find(aws: Aws, names: Names, version: int | None) -> ModelVersion:
    """Finds a version by its number; None finds the newest.

    Raises:
        DataError: there is no such version; the message lists those that exist.
    """
    known = versions(aws, names)
    for each in known:
        if version in (None, each.version):
            return each
    numbers = ", ".join(str(each.version) for each in known) or "none; run the training pipeline first"
    raise DataError(f"{names.model_package_group} has no version {version or ''}; it has: {numbers}")


def newest_approved(aws: Aws, names: Names) -> ModelVersion | None:
    """The approved version that has the highest number, which is the one that deployments bring into production."""
    return next((each for each in versions(aws, names) if each.status == "Approved"), None)


def decide(aws: Aws, version: ModelVersion, status: str, reason: str) -> None:
    """Approves or rejects a version. SageMaker then sends the event that starts the deployment.

    The model package keeps the approver's reason, followed by the reasons of earlier decisions.

    Raises:
        DataError: the reason is empty, or too long for SageMaker.
    """
    entry = f"{status} {datetime.now(UTC):%Y-%m-%d %H:%M}Z: {' '.join(reason.split())}"
    aws.sagemaker.update_model_package(
        ModelPackageArn=version.arn, ModelApprovalStatus=status, ApprovalDescription=history(entry, version.reason)
    )


def history(entry: str, former: str) -> str:
    """The decisions on a version, latest first. Drops the oldest ones that exceed SageMaker's 1,024 characters.

    Raises:
        DataError: the latest decision has no reason, or is too long by itself.
    """
    if entry.rstrip().endswith("Z:"):
        raise DataError("--reason is empty; give a reason, which is kept with the version")
    if len(entry) > LONGEST_REASON:
        raise DataError(
            f"--reason is too long: {len(entry)} characters with status and time, and {LONGEST_REASON} are allowed"
        )
    kept = [entry, *(each for each in former.split(SEPARATOR) if each)]
    while len(SEPARATOR.join(kept)) > LONGEST_REASON:
        kept.pop()
    return SEPARATOR.join(kept)


def _version(package: Mapping[str, Any]) -> ModelVersion:
    model_uri, obstacle = _model_of(package)
    return ModelVersion(
        arn=package["ModelPackageArn"],
        version=package["ModelPackageVersion"],
        status=package.get("ModelApprovalStatus", "PendingManualApproval"),
        created=package["CreationTime"],
        reason=package.get("ApprovalDescription", ""),
        model_uri=model_uri,
        metadata=package.get("CustomerMetadataProperties", {}),
        obstacle=obstacle,
    )


def _model_of(package: Mapping[str, Any]) -> tuple[str, str]:
    """The URI of a version's model archive, or why it cannot be deployed. Other tools register what ours does not."""
    containers = package.get("InferenceSpecification", {}).get("Containers", [])
    if (state := package.get("ModelPackageStatus", "Completed")) != "Completed":
        return "", f"its registration is '{state}'"
    if len(containers) != 1:
        return "", f"it has {len(containers) or 'no'} containers, and one is needed"
    uri = containers[0].get("ModelDataUrl", "")
    return uri, "" if uri else "it names no model archive (ModelDataUrl)"
