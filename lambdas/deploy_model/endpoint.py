"""The endpoint: what it serves, and the calls that change it. Two callers at once are normal, and one finds it done."""

from dataclasses import dataclass

from botocore.client import BaseClient
from botocore.exceptions import ClientError, WaiterError

from lambdas.deploy_model.definitions import Definition
from lambdas.shared.errors import EndpointBusy

FAILED = "Failed"
CHANGING = {"Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"}


@dataclass(frozen=True)
class Endpoint:
    """An endpoint and the configuration that it serves, or is on its way to."""

    name: str
    status: str
    config_name: str


def describe(sagemaker: BaseClient, name: str) -> Endpoint | None:
    """The endpoint, if there is one."""
    try:
        found = sagemaker.describe_endpoint(EndpointName=name)
    except ClientError as error:
        if says(error, "could not find"):
            return None
        raise
    # While it changes, EndpointConfigName still is the old one.
    target = found.get("PendingDeploymentSummary", found)["EndpointConfigName"]
    return Endpoint(name, found["EndpointStatus"], target)


def served_package(sagemaker: BaseClient, endpoint: Endpoint) -> str | None:
    """ARN of the model package behind an endpoint; None when its model did not come from the registry."""
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint.config_name)
    model = sagemaker.describe_model(ModelName=config["ProductionVariants"][0]["ModelName"])
    containers = model.get("Containers") or [model.get("PrimaryContainer", {})]
    arn: str | None = containers[0].get("ModelPackageName")
    return arn


def prepare(sagemaker: BaseClient, definition: Definition) -> None:
    """Makes model and endpoint configuration; those that exist have the same contents, as their names say."""
    for create, arguments in (
        (sagemaker.create_model, definition.model),
        (sagemaker.create_endpoint_config, definition.endpoint_config),
    ):
        try:
            create(**arguments)
        except ClientError as error:
            if not says(error, "already exist"):
                raise


def create(sagemaker: BaseClient, name: str, config_name: str) -> None:
    """Starts a new endpoint; raises EndpointBusy when another caller was faster."""
    try:
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config_name)
    except ClientError as error:
        raise busy(error, name) from error


def update(sagemaker: BaseClient, name: str, config_name: str) -> None:
    """Starts the change to another configuration; raises EndpointBusy when another change is under way."""
    try:
        sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=config_name)
    except ClientError as error:
        raise busy(error, name) from error


def delete(sagemaker: BaseClient, name: str) -> None:
    """Removes a failed endpoint (SageMaker allows nothing else) and waits until it is gone, at most two minutes."""
    try:
        sagemaker.delete_endpoint(EndpointName=name)
        waiter = sagemaker.get_waiter("endpoint_deleted")
        waiter.wait(EndpointName=name, WaiterConfig={"Delay": 5, "MaxAttempts": 24})
    except ClientError as error:
        if not says(error, "could not find"):
            raise busy(error, name) from error
    except WaiterError as error:
        raise EndpointBusy(f"the failed endpoint '{name}' is still being deleted: {error}") from error


def busy(error: ClientError, name: str) -> EndpointBusy | ClientError:
    """EndpointBusy when an error says that somebody else is changing the endpoint, otherwise the error itself."""
    if says(error, "already exist") or says(error, "in-progress") or says(error, "in progress"):
        return EndpointBusy(f"the endpoint '{name}' is being changed: {error}")
    return error


def says(error: ClientError, words: str) -> bool:
    """SageMaker has one code, ValidationException, for all of these; the message tells them apart."""
    return words in error.response["Error"].get("Message", "").lower()
