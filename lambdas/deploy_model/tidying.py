"""Deletes the endpoint configurations and models that nothing needs any more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.state import endpoint as endpoints
from lambdas.deploy_model.state.endpoint import says
from lambdas.deploy_model.update import alarms
from lambdas.shared.deployments import is_rolled_back, ours, stem

KEPT = timedelta(days=30)
GONE = "could not find"


@dataclass(frozen=True)
class Made:
    """A model or an endpoint configuration that this function has made."""

    name: str
    created: datetime


def tidy_up(aws: Clients, configuration: Configuration, now: datetime) -> dict[str, list[str]]:
    """Deletes old configurations, their alarms, and old models without a configuration; returns what was deleted."""
    deleted = [each.name for each in superfluous(aws, configuration, now) if delete_config(aws, configuration, each)]
    alarms.remove(aws.cloudwatch, deleted)
    models = [each.name for each in unused_models(aws, configuration, now)]
    for name in models:
        delete(aws.sagemaker, "delete_model", ModelName=name)
    return {"endpoint_configs": deleted, "models": models}


def superfluous(aws: Clients, configuration: Configuration, now: datetime) -> list[Made]:
    """The configurations that are old enough and that the endpoint does not have.

    The newest other one that was not rolled back stays too: it is the one to go back to. Those that were rolled back
    stay because of their mark, without which their versions would be tried again.
    """
    used = in_use(aws, configuration)
    others = [each for each in configs(aws, configuration) if each.name not in used]
    good = [
        each
        for each in others
        if not is_rolled_back(aws.sagemaker, configuration.arn(aws.region, "endpoint-config", each.name))
    ]
    return [each for each in good[1:] if now - each.created > KEPT]


def in_use(aws: Clients, configuration: Configuration) -> set[str]:
    """The configurations that the endpoint serves and that it is being brought to."""
    current = endpoints.describe(aws.sagemaker, configuration.endpoint_name)
    return {current.served, current.config_name} if current else set()


def delete_config(aws: Clients, configuration: Configuration, config: Made) -> bool:
    """Deletes a configuration unless the endpoint has come to it meanwhile, which SageMaker would not prevent."""
    if config.name in in_use(aws, configuration):
        return False
    delete(aws.sagemaker, "delete_endpoint_config", EndpointConfigName=config.name)
    return True


def unused_models(aws: Clients, configuration: Configuration, now: datetime) -> list[Made]:
    """The models that are old enough and that no configuration names."""
    used = {name for each in configs(aws, configuration) for name in models_of(aws.sagemaker, each.name)}
    found = made(configuration, listed(aws.sagemaker, configuration, "list_models", "Models", "ModelName"))
    return [each for each in found if each.name not in used and now - each.created > KEPT]


def configs(aws: Clients, configuration: Configuration) -> list[Made]:
    """This environment's endpoint configurations, newest first."""
    pages = listed(aws.sagemaker, configuration, "list_endpoint_configs", "EndpointConfigs", "EndpointConfigName")
    return sorted(made(configuration, pages), key=lambda each: each.created, reverse=True)


def listed(
    sagemaker: BaseClient, configuration: Configuration, operation: str, key: str, name: str
) -> Iterator[dict[str, Any]]:
    """What a list operation finds whose names contain ours, with the name as `Name`."""
    for page in sagemaker.get_paginator(operation).paginate(NameContains=stem(configuration.model_package_group)):
        yield from ({"Name": each[name], "CreationTime": each["CreationTime"]} for each in page[key])


def made(configuration: Configuration, found: Iterable[dict[str, Any]]) -> list[Made]:
    """Those of them that have the very names that this function gives: others may only contain ours."""
    pattern = ours(configuration.model_package_group)
    return [Made(each["Name"], each["CreationTime"]) for each in found if pattern.fullmatch(each["Name"])]


def models_of(sagemaker: BaseClient, config_name: str) -> list[str]:
    """The models that a configuration names; none if it was deleted meanwhile."""
    try:
        found = sagemaker.describe_endpoint_config(EndpointConfigName=config_name)
    except ClientError as error:
        if says(error, GONE):
            return []
        raise
    return [each["ModelName"] for each in found["ProductionVariants"]]


def delete(sagemaker: BaseClient, operation: str, **arguments: str) -> None:
    """Deletes something; that somebody else was quicker is no error."""
    try:
        getattr(sagemaker, operation)(**arguments)
    except ClientError as error:
        if not says(error, GONE):
            raise
