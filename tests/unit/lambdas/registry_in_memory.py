"""A model of SageMaker's registry."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from unit.lambdas.deployment import ARN, GROUP

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CONTAINER = {"Image": "pytorch:1", "ModelDataUrl": "s3://bucket/model.tar.gz"}
Params = dict[str, Any]


class RefusedError(Exception):
    """AWS answers with an error, of SageMaker mostly a ValidationException."""

    def __init__(self, message: str, code: str = "ValidationException") -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Registry:
    """Versions by number with their approval status, their containers, and where the photos are that are kept."""

    versions: dict[int, str] = field(default_factory=dict)
    containers: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    kept: dict[int, str] = field(default_factory=dict)

    def _DescribeModelPackage(self, request: Params) -> Params:  # noqa: N802
        group, _, number = request["ModelPackageName"].rpartition("/")
        version = int(number)
        if group != ARN or version not in self.versions:
            raise RefusedError(f"ModelPackage {request['ModelPackageName']} does not exist.")
        return {
            "ModelPackageArn": f"{ARN}/{version}",
            "ModelPackageGroupName": GROUP,
            "ModelPackageVersion": version,
            "ModelApprovalStatus": self.versions[version],
            "ModelPackageStatus": "Completed",
            "CreationTime": NOW,
            "InferenceSpecification": {"Containers": self.containers.get(version, [CONTAINER])},
            "CustomerMetadataProperties": {"kept_photos": self.kept[version]} if version in self.kept else {},
        }

    def _ListModelPackages(self, request: Params) -> Params:  # noqa: N802
        """One version a page, oldest first, so that whoever reads one page only is wrong."""
        found = [number for number, status in self.versions.items() if status == request["ModelApprovalStatus"]]
        place = int(request.get("NextToken", "0"))
        page = [
            {"ModelPackageArn": f"{ARN}/{number}", "ModelPackageVersion": number} for number in found[place : place + 1]
        ]
        return {"ModelPackageSummaryList": page, **({"NextToken": str(place + 1)} if place + 1 < len(found) else {})}
