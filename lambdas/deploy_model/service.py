"""From a request to the state of the endpoint, and of the drift baseline that goes with it."""

import logging
from dataclasses import asdict, dataclass
from typing import Any, Literal

from botocore.client import BaseClient

from lambdas.deploy_model import baseline, registry
from lambdas.deploy_model import endpoint as endpoints
from lambdas.deploy_model.configuration import Configuration
from lambdas.deploy_model.definitions import define
from lambdas.deploy_model.endpoint import Endpoint
from lambdas.deploy_model.registry import APPROVED, Package
from lambdas.deploy_model.request import ApprovalChange, Deploy
from lambdas.shared.errors import EndpointBusy, InvalidRequest, PackageNotApproved

logger = logging.getLogger(__name__)
Action = Literal["created", "updated", "unchanged", "ignored"]


@dataclass(frozen=True)
class Outcome:
    """What was done, and what the endpoint serves, or is about to."""

    action: Action
    endpoint_name: str
    endpoint_config_name: str | None
    model_package_arn: str

    def as_event(self) -> dict[str, Any]:
        """The function's answer."""
        return asdict(self)


def answer(
    sagemaker: BaseClient, s3: BaseClient, configuration: Configuration, request: Deploy | ApprovalChange
) -> Outcome:
    """Does what a request asks for.

    Raises:
        InvalidRequest: the registry has no such package, or it belongs to another group.
        PackageNotApproved: a deployment is asked for that nobody approved.
        EndpointBusy: the endpoint is being changed to something else.
        BaselineNotCopied: the endpoint is as it should be, but monitoring has not its version's baseline.

    """
    target = target_of(sagemaker, configuration, request)
    if target is None:
        outcome = ignored(sagemaker, configuration, request.model_package_arn)
    else:
        outcome = deploy(sagemaker, configuration, target)
    # After the endpoint: a missing baseline must not hold up a deployment, nor a fallback. And whatever was done to the
    # endpoint: a retry finds nothing left to do there, and after a deployment that was rolled back it is the older
    # version's turn again.
    if in_service := target or served_package(sagemaker, configuration):
        baseline.publish(s3, configuration.baseline_uri, in_service)
    return outcome


def target_of(sagemaker: BaseClient, configuration: Configuration, request: Deploy | ApprovalChange) -> Package | None:
    """The package that a request wants served; None when nothing is to be done."""
    if isinstance(request, Deploy):
        return own_package(sagemaker, configuration, request.model_package_arn)
    return package_after(sagemaker, configuration, request)


def own_package(sagemaker: BaseClient, configuration: Configuration, arn: str) -> Package:
    """The package, which must be an approved one of this endpoint's group."""
    package = registry.describe(sagemaker, arn)
    if package.group != configuration.model_package_group:
        raise InvalidRequest(f"{arn} is not of the group '{configuration.model_package_group}'")
    if package.status != APPROVED:
        raise PackageNotApproved(f"{arn} is {package.status}; approve it in the model registry first")
    return package


def package_after(sagemaker: BaseClient, configuration: Configuration, change: ApprovalChange) -> Package | None:
    """The package to serve after an approval changed; None when nothing is to be done.

    Events come late, twice and out of order: what counts is the package's status now.
    """
    if change.group != configuration.model_package_group:
        return None
    package = registry.describe(sagemaker, change.model_package_arn)
    if package.status != change.status:
        logger.info("stale event: %s is %s by now, not %s", package.arn, package.status, change.status)
        return None
    if package.status == APPROVED:
        return package
    if package.status == "Rejected" and served_arn(sagemaker, configuration) == package.arn:
        return fallback(sagemaker, configuration)
    return None


def served_arn(sagemaker: BaseClient, configuration: Configuration) -> str | None:
    """ARN of the package that the endpoint serves, or is on its way to; None without an endpoint."""
    current = endpoints.describe(sagemaker, configuration.endpoint_name)
    return endpoints.served_package(sagemaker, current) if current else None


def served_package(sagemaker: BaseClient, configuration: Configuration) -> Package | None:
    """The package that the endpoint serves; None when there is none, or the registry has it no longer."""
    arn = served_arn(sagemaker, configuration)
    try:
        return registry.describe(sagemaker, arn) if arn else None
    except InvalidRequest as error:
        logger.warning(
            "the drift baseline stays as it is: '%s' serves a deleted version: %s", configuration.endpoint_name, error
        )
        return None


def fallback(sagemaker: BaseClient, configuration: Configuration) -> Package | None:
    """What to go back to: the latest approved version. Without one the endpoint stays as it is, better than none."""
    package = registry.latest_approved(sagemaker, configuration.model_package_group)
    if package is None:
        logger.warning(
            "no approved version to go back to: '%s' still serves a rejected one", configuration.endpoint_name
        )
    return package


def ignored(sagemaker: BaseClient, configuration: Configuration, model_package_arn: str) -> Outcome:
    """The answer when nothing is to be done."""
    current = endpoints.describe(sagemaker, configuration.endpoint_name)
    config_name = current.config_name if current else None
    return Outcome("ignored", configuration.endpoint_name, config_name, model_package_arn)


def deploy(sagemaker: BaseClient, configuration: Configuration, package: Package) -> Outcome:
    """Brings the endpoint to a package. The change itself takes SageMaker minutes; it is started here, not awaited."""
    definition = define(package, configuration)
    endpoints.prepare(sagemaker, definition)
    name, config_name = configuration.endpoint_name, definition.endpoint_config_name
    try:
        action = bring_to(sagemaker, name, config_name)
    except EndpointBusy:
        # The pipeline and the approval's event ask for the same at once: the slower one finds it under way.
        if not serves(endpoints.describe(sagemaker, name), config_name):
            raise
        action = "unchanged"
    logger.info("%s: endpoint %s, configuration %s, package %s", action, name, config_name, package.arn)
    return Outcome(action, name, config_name, package.arn)


def bring_to(sagemaker: BaseClient, name: str, config_name: str) -> Action:
    """Creates or updates the endpoint, whichever its state calls for."""
    current = endpoints.describe(sagemaker, name)
    if serves(current, config_name):
        return "unchanged"
    if current is not None and current.status in endpoints.CHANGING:
        raise EndpointBusy(f"the endpoint '{name}' is {current.status} with '{current.config_name}'; try again later")
    if current is not None and current.status != endpoints.FAILED:
        endpoints.update(sagemaker, name, config_name)
        return "updated"
    if current is not None:
        endpoints.delete(sagemaker, name)
    endpoints.create(sagemaker, name, config_name)
    return "created"


def serves(current: Endpoint | None, config_name: str) -> bool:
    """Whether the endpoint has a configuration, or is being brought to it."""
    gone = {endpoints.FAILED, "Deleting", "RollingBack", "UpdateRollbackFailed", "OutOfService"}
    return current is not None and current.config_name == config_name and current.status not in gone
