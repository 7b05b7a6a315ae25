"""Records of models, endpoint configurations and endpoints. Pure."""

from local.protocol.errors import JobError
from local.protocol.json_types import Record
from local.sagemaker.resources import Kind

MODELS = Kind("Model")
CONFIGS = Kind("EndpointConfig", missing='Could not find endpoint configuration "{arn}".')
ENDPOINTS = Kind("Endpoint")
# "SageMaker endpoint state change" in AWS's developer guide.
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
    "Tags",
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


def weighted(config: Record, variants: list[Record]) -> Record:
    """A configuration with the weights and instance counts that the variants of an endpoint have by now."""
    now = {variant["VariantName"]: variant for variant in variants}
    changed = [
        {
            **each,
            "InitialVariantWeight": now[each["VariantName"]]["CurrentWeight"],
            "InitialInstanceCount": now[each["VariantName"]]["CurrentInstanceCount"],
        }
        if each["VariantName"] in now
        else each
        for each in config["ProductionVariants"]
    ]
    return {**config, "ProductionVariants": changed}
