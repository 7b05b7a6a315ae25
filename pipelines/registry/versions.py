"""Lists the versions in the SageMaker model registry, and finds one among them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from lambdas.shared.defects import defect_of
from pipelines.aws import Aws
from pipelines.errors import DataError
from pipelines.settings.naming import Names

SEPARATOR = " | "  # between the decisions in an ApprovalDescription


@dataclass(frozen=True)
class ModelVersion:
    """A model package in the environment's group.

    `model_uri` is empty for a version that cannot be deployed; `defect` then says why. `rolled_back` is whether it was
    taken back when it was deployed, and `lacks_instances` whether there were none for it when it was tried last; both
    are false where nobody has looked (`marks.with_marks`).
    """

    arn: str
    version: int
    status: str
    created: datetime
    reason: str
    model_uri: str
    metadata: Mapping[str, str]
    defect: str = ""
    rolled_back: bool = False
    lacks_instances: bool = False

    @property
    def reasons(self) -> list[str]:
        """The decisions on this version with their reasons, latest first."""
        return [each for each in self.reason.split(SEPARATOR) if each]


Listed = Callable[[], list[ModelVersion]]


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


def find(known: Sequence[ModelVersion], names: Names, version: int | None) -> ModelVersion:
    """Finds a version by its number among all versions, newest first; None finds the newest.

    Raises:
        DataError: there is no such version; the message lists those that exist.
    """
    if not known:
        raise DataError(f"{names.model_package_group} has no version yet; run the training pipeline first")
    for each in known:
        if version in (None, each.version):
            return each
    numbers = ", ".join(str(each.version) for each in known)
    raise DataError(f"{names.model_package_group} has no version {version}; it has {numbers}")


def _version(package: Mapping[str, Any]) -> ModelVersion:
    defect = defect_of(package)
    return ModelVersion(
        arn=package["ModelPackageArn"],
        version=package["ModelPackageVersion"],
        status=package.get("ModelApprovalStatus", "PendingManualApproval"),
        created=package["CreationTime"],
        reason=package.get("ApprovalDescription", ""),
        model_uri="" if defect else package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"],
        metadata=package.get("CustomerMetadataProperties", {}),
        defect=defect,
    )
