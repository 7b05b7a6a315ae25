"""Records of models, endpoint configurations and endpoints. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime

from local.protocol.errors import JobError, ValidationError
from local.protocol.json_types import Record
from local.sagemaker.resources import Kind

MODELS = Kind("Model")
CONFIGS = Kind("EndpointConfig", missing='Could not find endpoint configuration "{arn}".')
ENDPOINTS = Kind("Endpoint")
# What the members of a configuration's variant are called in the description of an endpoint's.
CURRENT = {"InitialVariantWeight": "CurrentWeight", "InitialInstanceCount": "CurrentInstanceCount"}
DESIRED = {"InitialVariantWeight": "DesiredWeight", "InitialInstanceCount": "DesiredInstanceCount"}
CAPTURE = "DataCaptureConfig"
# "SageMaker endpoint state change" and "SageMaker endpoint deployment state change" in AWS's developer guide.
EVENT_DETAIL = (
    "EndpointName",
    "EndpointArn",
    "EndpointConfigName",
    "ProductionVariants",
    "DataCaptureConfig",
    "EndpointStatus",
    "FailureReason",
    "CreationTime",
    "LastModifiedTime",
)


def containers(model: Record) -> list[Record]:
    """The containers of a model."""
    return [model["PrimaryContainer"]] if model.get("PrimaryContainer") else list(model.get("Containers", []))


def archive_uri(container: Record) -> str:
    """The S3 URI of a container's model.tar.gz. Raises JobError."""
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    if source and source.get("CompressionType") != "Gzip":
        raise JobError("the local AWS serves only models in a model.tar.gz; ModelDataSource needs CompressionType Gzip")
    uri: str = container.get("ModelDataUrl") or source.get("S3Uri", "")
    return uri


def capture_summary(config: Record) -> Record | None:
    """DataCaptureConfig as DescribeEndpoint shows it; None if there is none."""
    capture = config.get("DataCaptureConfig")
    if not capture:
        return None
    enabled = capture.get("EnableCapture", True)
    return {
        "EnableCapture": enabled,
        "CaptureStatus": "Started" if enabled else "Stopped",
        "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
        "DestinationS3Uri": capture["DestinationS3Uri"],
        "KmsKeyId": capture.get("KmsKeyId", ""),
    }


def weighted(config: Record, variants: list[Record], kept: Mapping[str, str] = CURRENT) -> Record:
    """A configuration with the weights and instance counts that the variants of an endpoint have by now.

    `kept` names what a variant keeps, by the member of the configuration that it takes the place of.
    """
    now = {variant["VariantName"]: variant for variant in variants}
    changed = [
        {**each, **{first: now[each["VariantName"]][member] for first, member in kept.items()}}
        if each["VariantName"] in now
        else each
        for each in config["ProductionVariants"]
    ]
    return {**config, "ProductionVariants": changed}


def retained(config: Record, serving: Record, request: Record, variants: list[Record]) -> Record:
    """A configuration with what UpdateEndpoint is to retain of the one that serves, and of its variants.

    Raises ValidationError for data capture that differs: it would be forgotten when the local AWS ends.
    """
    if not request.get("RetainAllVariantProperties"):
        return config
    excluded = {each["VariantPropertyType"] for each in request.get("ExcludeRetainedVariantProperties", [])}
    if CAPTURE not in excluded and config.get(CAPTURE) != serving.get(CAPTURE):
        raise ValidationError(f"The local AWS does not retain another {CAPTURE}; exclude it, or keep it as it is")
    return weighted(config, variants, {first: name for first, name in DESIRED.items() if name not in excluded})


def changed_types(config: Record, serving: Record) -> set[str]:
    """The variants of the configuration that serves whose instance type another one changes, or that it lacks."""
    types = {each["VariantName"]: each.get("InstanceType") for each in config["ProductionVariants"]}
    before = serving.get("ProductionVariants", [])
    return {each["VariantName"] for each in before if types.get(each["VariantName"]) != each.get("InstanceType")}


def event_detail(endpoint: Record, *more: str) -> Record:
    """What an event says of an endpoint; `more` are further members of its description.

    In events the status is written IN_SERVICE, not InService, and tags are an object.
    """
    detail = {key: endpoint[key] for key in (*EVENT_DETAIL, *more) if endpoint.get(key) is not None}
    status = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", endpoint["EndpointStatus"]).upper()
    tags = {tag["Key"]: tag["Value"] for tag in endpoint.get("Tags", [])}
    return {**detail, "EndpointStatus": status, "Tags": tags}


def pending(config: Record, started: datetime) -> Record:
    """PendingDeploymentSummary of a deployment that begins."""
    return {"EndpointConfigName": config["EndpointConfigName"], "StartTime": started}


def pending_variants(
    config: Record, active: Mapping[str, int], status: str, message: str, moment: datetime
) -> list[Record]:
    """The variants of a PendingDeploymentSummary, with their instances that have traffic.

    `message` may name the number of these instances as {active}, and that of all as {count}.
    """
    return [
        _pending_variant(variant, active.get(variant["VariantName"], 0), status, message, moment)
        for variant in config["ProductionVariants"]
    ]


def leaving(variants: list[Record], moment: datetime) -> list[Record]:
    """The variants of a fleet that is being ended, as DescribeEndpoint shows them."""
    return [
        {
            **variant,
            "VariantStatus": [
                {
                    "Status": "Deleting",
                    "StatusMessage": f"Terminating {variant['CurrentInstanceCount']} instance(s).",
                    "StartTime": moment,
                }
            ],
        }
        for variant in variants
    ]


def _pending_variant(variant: Record, active: int, status: str, message: str, moment: datetime) -> Record:
    count, weight = variant.get("InitialInstanceCount", 1), variant["InitialVariantWeight"]
    told = {"Status": status, "StatusMessage": message.format(active=active, count=count), "StartTime": moment}
    return {
        "VariantName": variant["VariantName"],
        "CurrentWeight": weight,
        "DesiredWeight": weight,
        "CurrentInstanceCount": active,
        "DesiredInstanceCount": count,
        "InstanceType": variant.get("InstanceType"),
        "VariantStatus": [told],
    }
