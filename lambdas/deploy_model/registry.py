"""Reads model packages from the registry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.deploy_model.defects import defect_of
from lambdas.shared.errors import InvalidRequest
from lambdas.shared.registry import ABSENT, newest_approved

APPROVED = "Approved"
REJECTED = "Rejected"


class Baseline(NamedTuple):
    """S3 URIs of the statistics and the constraints of the images that a version was trained on."""

    statistics: str
    constraints: str


@dataclass(frozen=True)
class Package:
    """One version of the model.

    A group that is deleted and made again hands out the same ARNs: `created` tells such packages apart.
    """

    arn: str
    group: str
    version: int
    status: str
    created: str
    baseline: Baseline | None = None
    defect: str = ""  # why no endpoint can serve it; empty if one can


def describe(sagemaker: BaseClient, arn: str) -> Package:
    """The package with this ARN; raises InvalidRequest when the registry has none."""
    try:
        found = sagemaker.describe_model_package(ModelPackageName=arn)
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            raise InvalidRequest(f"the registry has no {arn}: {error}") from error
        raise
    return Package(
        arn=arn,
        group=found["ModelPackageGroupName"],
        version=found["ModelPackageVersion"],
        status=found["ModelApprovalStatus"],
        created=found["CreationTime"].isoformat(timespec="seconds"),
        baseline=baseline_of(found),
        defect=defect_of(found),
    )


def baseline_of(found: Mapping[str, Any]) -> Baseline | None:
    """The drift baseline in the answer of DescribeModelPackage; None unless it has both statistics and constraints."""
    sources = found.get("DriftCheckBaselines", {}).get("ModelDataQuality", {})
    if sources.keys() >= {"Statistics", "Constraints"}:
        return Baseline(sources["Statistics"]["S3Uri"], sources["Constraints"]["S3Uri"])
    return None


def latest_approved(sagemaker: BaseClient, group: str) -> Package | None:
    """The approved version of a group that has the highest number; None when no version is approved."""
    newest = newest_approved(sagemaker, group)
    package = describe(sagemaker, newest["ModelPackageArn"]) if newest else None
    # Somebody may have rejected it between the two calls.
    return package if package is None or package.status == APPROVED else latest_approved(sagemaker, group)
