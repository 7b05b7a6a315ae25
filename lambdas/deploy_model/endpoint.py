"""Reads the endpoint's state from SageMaker."""

from dataclasses import dataclass

from botocore.client import BaseClient
from botocore.exceptions import ClientError


@dataclass(frozen=True)
class Endpoint:
    """An endpoint, with the configuration that it serves or is being brought to.

    `served` is the one that answers requests meanwhile, `failure` why the last change failed (empty if it did not), and
    `changed` when the endpoint was changed last.
    """

    name: str
    status: str
    config_name: str
    served: str = ""
    failure: str = ""
    changed: str = ""


def describe(sagemaker: BaseClient, name: str) -> Endpoint | None:
    """The endpoint; None when there is none."""
    try:
        found = sagemaker.describe_endpoint(EndpointName=name)
    except ClientError as error:
        if says(error, "could not find"):
            return None
        raise
    # During an update, EndpointConfigName is still the old configuration.
    target = found.get("PendingDeploymentSummary", found)["EndpointConfigName"]
    return Endpoint(
        name=name,
        status=found["EndpointStatus"],
        config_name=target,
        served=found["EndpointConfigName"],
        failure=found.get("FailureReason", ""),
        changed=found["LastModifiedTime"].isoformat(timespec="seconds"),
    )


def says(error: ClientError, words: str) -> bool:
    """Whether an error's message has these words: SageMaker has one code, ValidationException, for many errors."""
    return words in error.response["Error"].get("Message", "").lower()
