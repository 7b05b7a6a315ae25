"""The two events: "deploy this package" from the pipeline, and "its approval changed" from EventBridge."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lambdas.shared.errors import InvalidRequest
from lambdas.shared.events import text, value

APPROVAL_CHANGE = "SageMaker Model Package State Change"


@dataclass(frozen=True)
class Deploy:
    """Somebody asks for this package."""

    model_package_arn: str


@dataclass(frozen=True)
class ApprovalChange:
    """Somebody approved or rejected this package."""

    model_package_arn: str
    group: str
    status: str


def parse(event: Mapping[str, Any]) -> Deploy | ApprovalChange:
    """The request that an event makes; raises InvalidRequest."""
    if isinstance(event, Mapping) and "detail-type" in event:
        return approval_change(event)
    return Deploy(package_arn(event, "model_package_arn"))


def approval_change(event: Mapping[str, Any]) -> ApprovalChange:
    """From EventBridge's event (fields: SageMaker developer guide, "model package state change")."""
    if event["detail-type"] != APPROVAL_CHANGE:
        raise InvalidRequest(f"'detail-type' must be '{APPROVAL_CHANGE}', got {event['detail-type']!r}")
    detail = value(event, "detail")
    return ApprovalChange(
        model_package_arn=package_arn(detail, "ModelPackageArn"),
        group=text(detail, "ModelPackageGroupName"),
        status=text(detail, "ModelApprovalStatus"),
    )


def package_arn(event: object, key: str) -> str:
    """The ARN of a versioned model package: `arn:…:model-package/<group>/<version>`."""
    arn = text(event, key)
    _, found, path = arn.partition(":model-package/")
    if not (arn.startswith("arn:") and found and path.rpartition("/")[2].isdecimal()):
        raise InvalidRequest(f"'{key}' must be the ARN of a model package version, got {arn!r}")
    return arn
