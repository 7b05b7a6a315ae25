"""What the function is asked for: the requests in its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lambdas.shared.errors import InvalidRequest
from lambdas.shared.events import text, value

PACKAGE_CHANGE = "SageMaker Model Package State Change"


@dataclass(frozen=True)
class Deploy:
    """The pipeline, or a person, asks for this package to be deployed."""

    model_package_arn: str


@dataclass(frozen=True)
class PackageChange:
    """EventBridge reports that these fields of a package have changed; None if it does not say which."""

    model_package_arn: str
    group: str
    fields: tuple[str, ...] | None


@dataclass(frozen=True)
class Look:
    """The state machine looks again, or the schedule makes it look.

    `started` is the endpoint configuration to which this execution has started to bring the endpoint, if it has.
    """

    started: str | None
    model_package_arn: None = None  # it asks for no package in particular


@dataclass(frozen=True)
class TidyUp:
    """The state machine has what is no longer needed removed, once the endpoint is as it should be."""


Request = Deploy | PackageChange | Look


def parse(event: Mapping[str, Any]) -> Request | TidyUp:
    """The request in an event; raises InvalidRequest."""
    if isinstance(event, Mapping) and "detail-type" in event:
        return package_change(event)
    if isinstance(event, Mapping) and "reconcile" in event:
        return look(event["reconcile"])
    if isinstance(event, Mapping) and "tidy_up" in event:
        return TidyUp()
    return Deploy(package_arn(event, "model_package_arn"))


def look(found: object) -> Look:
    """The request `{"reconcile": {}}`, or `{"reconcile": {"started": …}}` where a change has been started before."""
    if not isinstance(found, Mapping) or not isinstance(found.get("started"), str | None):
        raise InvalidRequest("'reconcile' must be an object, and its 'started' a text or null")
    return Look(found.get("started"))


def package_change(event: Mapping[str, Any]) -> PackageChange:
    """The request in an event of EventBridge (fields: SageMaker developer guide, "model package state change")."""
    if event["detail-type"] != PACKAGE_CHANGE:
        raise InvalidRequest(f"'detail-type' must be '{PACKAGE_CHANGE}', got {event['detail-type']!r}")
    detail = value(event, "detail")
    fields = detail.get("UpdatedModelPackageFields") if isinstance(detail, Mapping) else None
    return PackageChange(
        model_package_arn=package_arn(detail, "ModelPackageArn"),
        group=text(detail, "ModelPackageGroupName"),
        fields=tuple(map(str, fields)) if isinstance(fields, list) else None,
    )


def package_arn(event: object, key: str) -> str:
    """The ARN of a versioned model package: `arn:…:model-package/<group>/<version>`."""
    arn = text(event, key)
    _, found, path = arn.partition(":model-package/")
    if not (arn.startswith("arn:") and found and path.rpartition("/")[2].isdecimal()):
        raise InvalidRequest(f"'{key}' must be the ARN of a model package version, got {arn!r}")
    return arn
