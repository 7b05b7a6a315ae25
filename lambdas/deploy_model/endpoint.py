"""Reads the endpoint's state from SageMaker."""

from dataclasses import dataclass

from botocore.client import BaseClient
from botocore.exceptions import ClientError


@dataclass(frozen=True)
class Endpoint:
    """An endpoint, with the configuration that it serves or is being brought to."""

    name: str
    status: str
    config_name: str


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
    return Endpoint(name, found["EndpointStatus"], target)


def says(error: ClientError, words: str) -> bool:
    """Whether an error's message has these words: SageMaker has one code, ValidationException, for many errors."""
    return words in error.response["Error"].get("Message", "").lower()
