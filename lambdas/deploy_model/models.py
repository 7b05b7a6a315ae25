"""What `deploy_model` works with: the request, the function's configuration, and the definition of a deployment."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from lambdas.deploy_model.registry import Package
from lambdas.shared.environment import variable
from lambdas.shared.errors import ConfigurationError, InvalidRequest
from lambdas.shared.events import text, value

PACKAGE_CHANGE = "SageMaker Model Package State Change"
VARIANT = "AllTraffic"


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


def parse(event: Mapping[str, Any]) -> Deploy | PackageChange | Look:
    """The request in an event; raises InvalidRequest."""
    if isinstance(event, Mapping) and "detail-type" in event:
        return package_change(event)
    if isinstance(event, Mapping) and "reconcile" in event:
        return look(event["reconcile"])
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


@dataclass(frozen=True)
class Configuration:
    """The endpoint that the function deploys to, and the settings that it deploys with."""

    endpoint_name: str
    model_package_group: str
    model_role_arn: str
    instance_type: str
    instance_count: int
    capture_uri: str
    capture_percentage: int
    baseline_uri: str
    tags: Mapping[str, str]  # of what it makes, so that its costs are told apart
    network: Mapping[str, Any]  # the arguments of CreateModel about it; none: AWS's own network
    state_machine_arn: str | None  # of the state machine that calls this function until the endpoint is as it should be

    @property
    def account(self) -> str:
        """The account that the function runs in, which is that of the model's role."""
        return self.model_role_arn.split(":")[4]

    @classmethod
    def parse(cls, environment: Mapping[str, str]) -> Self:
        """Reads the environment variables below; raises ConfigurationError, which names the variable at fault."""
        return cls(
            endpoint_name=variable(environment, "ENDPOINT_NAME"),
            model_package_group=variable(environment, "MODEL_PACKAGE_GROUP"),
            model_role_arn=variable(environment, "MODEL_ROLE_ARN"),
            instance_type=variable(environment, "INSTANCE_TYPE"),
            instance_count=number(environment, "INSTANCE_COUNT", range(1, 1001)),
            capture_uri=variable(environment, "CAPTURE_URI"),
            capture_percentage=number(environment, "CAPTURE_PERCENTAGE", range(101)),
            baseline_uri=folder(environment, "BASELINE_URI"),
            tags=tags(environment.get("TAGS", "")),
            network=network(environment),
            state_machine_arn=environment.get("STATE_MACHINE_ARN") or None,
        )


def tags(text: str) -> dict[str, str]:
    """The tags in a text such as `project=scones,environment=prod`; none if it is empty."""
    pairs = [each.partition("=") for each in text.split(",") if each]
    if any(not key or not equals for key, equals, _ in pairs):
        raise ConfigurationError(f"the environment variable TAGS must be key=value,key=value, got {text!r}")
    return {key: value for key, _, value in pairs}


def network(environment: Mapping[str, str]) -> dict[str, Any]:
    """The VPC that SUBNETS and SECURITY_GROUPS name, separated by commas, and whether the container is cut off."""
    subnets, groups = (environment.get(name, "") for name in ("SUBNETS", "SECURITY_GROUPS"))
    if bool(subnets) != bool(groups):
        raise ConfigurationError("the environment variables SUBNETS and SECURITY_GROUPS need each other")
    vpc = {"VpcConfig": {"Subnets": subnets.split(","), "SecurityGroupIds": groups.split(",")}} if subnets else {}
    isolated = {"EnableNetworkIsolation": True} if environment.get("NETWORK_ISOLATION") == "true" else {}
    return {**vpc, **isolated}


def folder(environment: Mapping[str, str], name: str) -> str:
    """An environment variable that has to be the URI of a folder in S3, without a slash at its end."""
    found = variable(environment, name)
    if not re.fullmatch(r"s3://[^/]+/.*[^/]", found):
        raise ConfigurationError(f"the environment variable {name} must be s3://<bucket>/<folder>, got {found!r}")
    return found


def number(environment: Mapping[str, str], name: str, allowed: range) -> int:
    """An environment variable that has to be a whole number in a range."""
    found = variable(environment, name)
    if not found.isdecimal() or int(found) not in allowed:
        expected = f"a whole number from {allowed.start} to {allowed.stop - 1}"
        raise ConfigurationError(f"the environment variable {name} must be {expected}, got {found!r}")
    return int(found)


@dataclass(frozen=True)
class Definition:
    """The arguments of CreateModel and CreateEndpointConfig.

    The names in it are derived from the contents, so the same deployment always has the same names.
    """

    model: dict[str, Any]
    endpoint_config: dict[str, Any]
    tags: tuple[dict[str, str], ...] = ()  # of both and of the endpoint; no part of the names

    @property
    def endpoint_config_name(self) -> str:
        """The name by which the endpoint refers to its configuration."""
        return str(self.endpoint_config["EndpointConfigName"])


def define(package: Package, configuration: Configuration) -> Definition:
    """The model and the endpoint configuration that serve a package."""
    model = model_of(package, configuration)
    labels = tuple({"Key": key, "Value": value} for key, value in configuration.tags.items())
    return Definition(model, endpoint_config_of(package, configuration, model["ModelName"]), labels)


def model_of(package: Package, configuration: Configuration) -> dict[str, Any]:
    """Arguments of CreateModel; the container and the model's files are those of the registry's package."""
    contents = {
        "Containers": [{"ModelPackageName": package.arn}],
        "ExecutionRoleArn": configuration.model_role_arn,
        **configuration.network,
    }
    return {"ModelName": name(package, [contents, package.created]), **contents}


def endpoint_config_of(package: Package, configuration: Configuration, model_name: str) -> dict[str, Any]:
    """Arguments of CreateEndpointConfig: one variant, with data capture."""
    variant = {
        "VariantName": VARIANT,
        "ModelName": model_name,
        "InstanceType": configuration.instance_type,
        "InitialInstanceCount": configuration.instance_count,
        "InitialVariantWeight": 1.0,
    }
    contents = {"ProductionVariants": [variant], "DataCaptureConfig": data_capture(configuration)}
    return {"EndpointConfigName": name(package, contents), **contents}


def data_capture(configuration: Configuration) -> dict[str, Any]:
    """Captures requests and responses in S3: photos in base64, JSON responses as plain text."""
    return {
        "EnableCapture": configuration.capture_percentage > 0,
        "InitialSamplingPercentage": configuration.capture_percentage,
        "DestinationS3Uri": configuration.capture_uri,
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
    }


def name(package: Package, contents: object) -> str:
    """`<group>-v<version>-<digest of the contents>`, which fits into the 63 characters that SageMaker allows."""
    digest = hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()[:8]
    return f"{package.group[:40].rstrip('-')}-v{package.version}-{digest}"
