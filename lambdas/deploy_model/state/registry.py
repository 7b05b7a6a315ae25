"""Reads model packages from the registry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.shared.defects import defect_of
from lambdas.shared.errors import InvalidRequest
from lambdas.shared.production import APPROVED
from lambdas.shared.registry import ABSENT, approved

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
    kept_photos: str | None = None  # S3 URI of the file with photos and the model's answers to them
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
        kept_photos=found.get("CustomerMetadataProperties", {}).get("kept_photos"),
        defect=defect_of(found),
    )


def baseline_of(found: Mapping[str, Any]) -> Baseline | None:
    """The drift baseline in the answer of DescribeModelPackage; None unless it has both statistics and constraints."""
    sources = found.get("DriftCheckBaselines", {}).get("ModelDataQuality", {})
    if sources.keys() >= {"Statistics", "Constraints"}:
        return Baseline(sources["Statistics"]["S3Uri"], sources["Constraints"]["S3Uri"])
    return None


def approved_packages(sagemaker: BaseClient, group: str) -> Iterator[Package]:
    """The approved versions of a group, the one with the highest number first. Each is described when it is its turn.

    Somebody may have rejected it meanwhile; then it is left out.
    """
    for each in approved(sagemaker, group):
        package = describe(sagemaker, each["ModelPackageArn"])
        if package.status == APPROVED:
            yield package
