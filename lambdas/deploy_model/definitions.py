"""What a deployment is made of. Names derive from contents: the same deployment always has the same names."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from lambdas.deploy_model.configuration import Configuration
from lambdas.deploy_model.registry import Package

VARIANT = "AllTraffic"


@dataclass(frozen=True)
class Definition:
    """The arguments of CreateModel and CreateEndpointConfig."""

    model: dict[str, Any]
    endpoint_config: dict[str, Any]

    @property
    def endpoint_config_name(self) -> str:
        """The name that the endpoint will refer to."""
        return str(self.endpoint_config["EndpointConfigName"])


def define(package: Package, configuration: Configuration) -> Definition:
    """The model and the endpoint configuration that serve a package."""
    model = model_of(package, configuration)
    return Definition(model, endpoint_config_of(package, configuration, model["ModelName"]))


def model_of(package: Package, configuration: Configuration) -> dict[str, Any]:
    """Arguments of CreateModel: the registry knows container and artefact."""
    contents = {
        "Containers": [{"ModelPackageName": package.arn}],
        "ExecutionRoleArn": configuration.model_role_arn,
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
    """Requests and responses to S3; images in base64, our JSON responses as they are."""
    return {
        "EnableCapture": configuration.capture_percentage > 0,
        "InitialSamplingPercentage": configuration.capture_percentage,
        "DestinationS3Uri": configuration.capture_uri,
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
    }


def name(package: Package, contents: object) -> str:
    """`<group>-v<version>-<digest of the contents>`, within SageMaker's 63 characters."""
    digest = hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()[:8]
    return f"{package.group[:40].rstrip('-')}-v{package.version}-{digest}"
