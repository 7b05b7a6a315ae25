"""Finds out what the endpoint serves, and waits until it serves a given model package."""

from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from lambdas.deploy_model.update.capacity import is_lack_of_instances
from lambdas.shared.deployments import served_packages
from pipelines.aws import Aws
from pipelines.errors import NO_REASON, AwsError, WaitTimeoutError
from pipelines.settings.naming import Names
from pipelines.waiting.polling import CLOCK, Clock, poll

POLL_SECONDS = 0.5


def wait_in_service(
    aws: Aws,
    names: Names,
    package_arn: str,
    timeout_seconds: float,
    clock: Clock = CLOCK,
    before: datetime | None = None,
) -> str:
    """Waits until the endpoint serves the model package; returns the endpoint's name.

    `before` is when the endpoint was changed last before this deployment was asked for: if it still has the reason of a
    failure from then, that is another deployment's.

    Raises:
        AwsError: the deployment failed, was rolled back or had no instances; the message has SageMaker's reason.
        WaitTimeoutError: it takes longer than the configuration allows.
    """
    served = poll(lambda: _serves(aws, names, package_arn, before), timeout_seconds, POLL_SECONDS, clock)
    if served:
        return names.endpoint
    endpoint = describe_endpoint(aws, names.endpoint)
    status = endpoint["EndpointStatus"] if endpoint else "absent"
    raise WaitTimeoutError(
        f"the endpoint {names.endpoint} is {status} and does not serve {package_arn} after {timeout_seconds:.0f} s "
        "(endpoint.timeout_minutes); look for the reason in the log group of the deploy-model function"
    )


def describe_endpoint(aws: Aws, name: str) -> dict[str, Any] | None:
    """The endpoint as SageMaker describes it; None if it does not exist."""
    try:
        described: dict[str, Any] = aws.sagemaker.describe_endpoint(EndpointName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationException":
            return None
        raise
    return described


def last_change(aws: Aws, name: str) -> datetime | None:
    """When the endpoint was changed last; None if it does not exist."""
    endpoint = describe_endpoint(aws, name)
    return endpoint["LastModifiedTime"] if endpoint else None


def _serves(aws: Aws, names: Names, package_arn: str, before: datetime | None) -> bool | None:
    """True if the endpoint serves the package, None if it may still come to that."""
    endpoint = describe_endpoint(aws, names.endpoint)
    if endpoint is None:
        return None
    status, reason = endpoint["EndpointStatus"], endpoint.get("FailureReason")
    if status == "Failed":
        raise AwsError(f"the endpoint {names.endpoint} failed: {reason or NO_REASON}")
    if status != "InService":
        return None
    if package_arn in served_packages(aws.sagemaker, endpoint["EndpointConfigName"]):
        return True
    # SageMaker keeps the reason of a failed update when it rolls back to the former configuration.
    if reason and endpoint["LastModifiedTime"] != before:
        if is_lack_of_instances(reason):
            raise AwsError(
                f"there are no instances for it, so the endpoint {names.endpoint} keeps its former model; "
                f"each hour tries again: {reason}"
            )
        raise AwsError(f"the endpoint {names.endpoint} was rolled back to its former model: {reason}")
    return None
