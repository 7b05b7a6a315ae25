"""Waits for the endpoint to serve a model package."""

import time

from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.errors import AwsError, WaitTimeoutError
from pipelines.settings.naming import Names

POLL_SECONDS = 0.5


def wait_in_service(aws: Aws, names: Names, package_arn: str, timeout_seconds: float) -> str:
    """Waits until the endpoint serves the package; returns the endpoint's name.

    Raises:
        AwsError: the deployment failed; with SageMaker's reason.
        WaitTimeoutError: it takes longer than the configuration allows.
    """
    deadline, status = time.monotonic() + timeout_seconds, "absent"
    while time.monotonic() < deadline:
        status, reason, config = _describe(aws, names.endpoint)
        if status == "Failed":
            raise AwsError(f"the endpoint {names.endpoint} failed: {reason}")
        if status == "InService" and package_arn in served_packages(aws, config):
            return names.endpoint
        if status == "InService" and reason:
            raise AwsError(f"the endpoint {names.endpoint} went back to its former model: {reason}")
        time.sleep(POLL_SECONDS)
    raise WaitTimeoutError(
        f"the endpoint {names.endpoint} is {status} and does not serve {package_arn} after {timeout_seconds:.0f} s "
        "(endpoint.timeout_minutes); the log group of the deploy-model function may say why"
    )


def served_packages(aws: Aws, endpoint_config: str) -> list[str]:
    """ARNs of the model packages behind an endpoint configuration."""
    config = aws.sagemaker.describe_endpoint_config(EndpointConfigName=endpoint_config)
    models = [aws.sagemaker.describe_model(ModelName=each["ModelName"]) for each in config["ProductionVariants"]]
    containers = [
        container for model in models for container in [model.get("PrimaryContainer", {}), *model.get("Containers", [])]
    ]
    return [container["ModelPackageName"] for container in containers if "ModelPackageName" in container]


def _describe(aws: Aws, name: str) -> tuple[str, str, str]:
    try:
        endpoint = aws.sagemaker.describe_endpoint(EndpointName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationException":
            return "absent", "", ""
        raise
    return endpoint["EndpointStatus"], endpoint.get("FailureReason", ""), endpoint.get("EndpointConfigName", "")
