"""Reads the endpoint's state from SageMaker."""

from dataclasses import dataclass

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.shared.deployments import VARIANT


@dataclass(frozen=True)
class Endpoint:
    """An endpoint, with the configuration that it serves or is being brought to.

    `served` is the one that answers requests meanwhile, `failure` why the last change failed (empty if it did not), and
    `changed` when the endpoint was changed last. `instances` is how many its variant is to have, `scaled` whether the
    function has registered that with Application Auto Scaling, and `baking` whether the new configuration is watched
    while it answers requests.
    """

    name: str
    status: str
    config_name: str
    served: str = ""
    failure: str = ""
    changed: str = ""
    instances: int | None = None
    scaled: bool = False
    baking: bool = False


def describe(sagemaker: BaseClient, name: str, *, scaled: bool = False) -> Endpoint | None:
    """The endpoint; None when there is none. `scaled` is what its tags say."""
    try:
        found = sagemaker.describe_endpoint(EndpointName=name)
    except ClientError as error:
        if says(error, "could not find"):
            return None
        raise
    # During an update, EndpointConfigName is still the old configuration.
    pending = found.get("PendingDeploymentSummary", {})
    target = pending.get("EndpointConfigName", found["EndpointConfigName"])
    variants = {each["VariantName"]: each for each in found.get("ProductionVariants", [])}
    return Endpoint(
        name=name,
        status=found["EndpointStatus"],
        config_name=target,
        served=found["EndpointConfigName"],
        failure=found.get("FailureReason", ""),
        changed=found["LastModifiedTime"].isoformat(timespec="seconds"),
        instances=variants.get(VARIANT, {}).get("DesiredInstanceCount"),
        scaled=scaled,
        baking=any(
            status["Status"] == "Baking"
            for variant in pending.get("ProductionVariants", [])
            for status in variant.get("VariantStatus", [])
        ),
    )


def instance_type(sagemaker: BaseClient, config_name: str) -> str | None:
    """The type of the instances of an endpoint configuration; None if it was deleted."""
    try:
        found = sagemaker.describe_endpoint_config(EndpointConfigName=config_name)
    except ClientError as error:
        if says(error, "could not find"):
            return None
        raise
    return next((each.get("InstanceType") for each in found["ProductionVariants"]), None)


def says(error: ClientError, words: str) -> bool:
    """Whether an error's message has these words: SageMaker has one code, ValidationException, for many errors."""
    return words in error.response["Error"].get("Message", "").lower()
