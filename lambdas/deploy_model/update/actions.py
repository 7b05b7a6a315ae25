"""The calls that change models, endpoint configurations and the endpoint.

Two executions often want the same change at the same time. Whoever comes second finds it done or under way, and is told
so by EndpointBusy.
"""

from collections.abc import Mapping
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.plan import Change
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.state import marks
from lambdas.deploy_model.state.endpoint import Endpoint, says
from lambdas.deploy_model.update import alarms
from lambdas.deploy_model.update.definition import Definition
from lambdas.shared.errors import EndpointBusy

BUSY = ("already exist", "in-progress", "in progress", "could not find", "cannot update endpoint")


def apply(
    aws: Clients, configuration: Configuration, change: Change, definition: Definition, current: Endpoint | None
) -> None:
    """Starts a change of the endpoint, and does not wait for its end; raises EndpointBusy."""
    if change == "create":
        create(aws.sagemaker, configuration.endpoint_name, definition)
    if change == "update":
        retention = configuration.scaling.retention(current.instances if current else None)
        update(aws, configuration, definition.endpoint_config_name, retention)
    if change == "delete":
        delete(aws.sagemaker, configuration.endpoint_name)


def prepare(sagemaker: BaseClient, definition: Definition) -> None:
    """Creates the model and the endpoint configuration, unless they exist: the same name means the same contents."""
    for create, arguments in (
        (sagemaker.create_model, definition.model),
        (sagemaker.create_endpoint_config, definition.endpoint_config),
    ):
        try:
            create(**arguments, **labels(definition))
        except ClientError as error:
            if not says(error, "already exist"):
                raise


def labels(definition: Definition) -> dict[str, Any]:
    """The argument with the tags; none without tags, which AWS would not take as an empty list."""
    return {"Tags": [*definition.tags]} if definition.tags else {}


def create(sagemaker: BaseClient, name: str, definition: Definition) -> None:
    """Starts a new endpoint; raises EndpointBusy when another caller has just done so."""
    try:
        sagemaker.create_endpoint(
            EndpointName=name, EndpointConfigName=definition.endpoint_config_name, **labels(definition)
        )
    except ClientError as error:
        raise busy(error, name) from error


def update(aws: Clients, configuration: Configuration, config_name: str, retention: Mapping[str, Any]) -> None:
    """Starts the change to another configuration, which alarms watch; raises EndpointBusy when another is under way.

    `retention` has the arguments that say what of the old one is kept.
    """
    name, rollout = configuration.endpoint_name, configuration.rollout
    alarms.put(aws.cloudwatch, configuration, config_name)  # SageMaker wants them to exist
    policy = rollout.deployment_config(alarms.names(config_name))
    try:
        aws.sagemaker.update_endpoint(
            EndpointName=name, EndpointConfigName=config_name, DeploymentConfig=policy, **retention
        )
    except ClientError as error:
        raise busy(error, name) from error
    marks.begin(aws.sagemaker, configuration.endpoint_arn(aws.region), config_name)


def delete(sagemaker: BaseClient, name: str) -> None:
    """Starts the deletion of a failed endpoint, which SageMaker cannot update; raises EndpointBusy."""
    try:
        sagemaker.delete_endpoint(EndpointName=name)
    except ClientError as error:
        raise busy(error, name) from error


def busy(error: ClientError, name: str) -> EndpointBusy | ClientError:
    """The error to raise: EndpointBusy when somebody else is changing the endpoint, otherwise the error as it came."""
    if any(says(error, words) for words in BUSY):
        return EndpointBusy(f"the endpoint '{name}' is being changed: {error}")
    return error
