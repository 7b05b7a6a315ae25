"""The definition of a deployment: the model and the endpoint configuration that serve a package."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.state.registry import Package
from lambdas.shared.deployments import VARIANT, stem


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
    return f"{stem(package.group)}{package.version}-{digest}"
