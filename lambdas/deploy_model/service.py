"""Carries out a request: reads the state of registry and endpoint, asks `plan` what to do, and does it."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from botocore.client import BaseClient

from lambdas.deploy_model import actions, baseline, plan, registry
from lambdas.deploy_model import endpoint as endpoints
from lambdas.deploy_model.models import ApprovalChange, Configuration, Deploy, define
from lambdas.deploy_model.registry import Package
from lambdas.shared.errors import EndpointBusy, InvalidRequest
from lambdas.shared.logging import logger

Action = Literal["created", "updated", "unchanged", "ignored"]
DONE: dict[plan.Change, Action] = {
    "keep": "unchanged",
    "create": "created",
    "replace": "created",
    "update": "updated",
}


@dataclass(frozen=True)
class Outcome:
    """What was done, and the package and configuration that the endpoint serves or will serve."""

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
    """Carries out a request.

    Raises:
        InvalidRequest: the registry has no such package, or it belongs to another group.
        PackageNotApproved: nobody has approved the package to deploy.
        EndpointBusy: the endpoint is being changed to something else.
        BaselineNotCopied: the endpoint is as it should be, but the drift baseline for monitoring is not.

    """
    target = target_of(sagemaker, configuration, request)
    if target is None:
        outcome = ignored(sagemaker, configuration, request.model_package_arn)
    else:
        outcome = deploy(sagemaker, configuration, target)
    # The endpoint comes first, so that a baseline that cannot be copied delays neither a deployment nor a fallback.
    # The baseline is published even if the endpoint stayed as it was: a retry after BaselineNotCopied finds it so, and
    # after SageMaker has rolled a deployment back, the older version's baseline must return.
    if in_service := target or served_package(sagemaker, configuration):
        baseline.publish(s3, configuration.baseline_uri, in_service)
    return outcome


def target_of(sagemaker: BaseClient, configuration: Configuration, request: Deploy | ApprovalChange) -> Package | None:
    """The package that the endpoint has to serve after a request; None when nothing is to be done."""
    if isinstance(request, ApprovalChange):
        return package_after(sagemaker, configuration, request)
    package = registry.describe(sagemaker, request.model_package_arn)
    plan.check(package, configuration.model_package_group)
    return package


def package_after(sagemaker: BaseClient, configuration: Configuration, change: ApprovalChange) -> Package | None:
    """The package that the endpoint has to serve after a change of approval; None when nothing is to be done."""
    if change.group != configuration.model_package_group:
        return None
    package = registry.describe(sagemaker, change.model_package_arn)
    verdict = plan.verdict(change, package)
    if verdict == "stale":
        logger.info("stale event", event_status=change.status, registry_status=package.status)
    if verdict == "withdraw" and served_arn(sagemaker, configuration) == package.arn:
        return fallback(sagemaker, configuration)
    return package if verdict == "deploy" else None


def served_arn(sagemaker: BaseClient, configuration: Configuration) -> str | None:
    """ARN of the package that the endpoint serves or is being brought to; None when there is no endpoint."""
    current = endpoints.describe(sagemaker, configuration.endpoint_name)
    return endpoints.served_package(sagemaker, current) if current else None


def served_package(sagemaker: BaseClient, configuration: Configuration) -> Package | None:
    """The package that the endpoint serves; None when it serves none, or the registry no longer has it."""
    arn = served_arn(sagemaker, configuration)
    try:
        return registry.describe(sagemaker, arn) if arn else None
    except InvalidRequest as error:
        logger.warning("the endpoint serves a deleted version; the drift baseline stays as it is", reason=str(error))
        return None


def fallback(sagemaker: BaseClient, configuration: Configuration) -> Package | None:
    """The latest approved version, to go back to; None when there is none.

    The endpoint then stays as it is, because a rejected model is better than none.
    """
    package = registry.latest_approved(sagemaker, configuration.model_package_group)
    if package is None:
        logger.warning("no approved version to go back to; the endpoint still serves a rejected one")
    return package


def ignored(sagemaker: BaseClient, configuration: Configuration, model_package_arn: str) -> Outcome:
    """The answer when there is nothing to do."""
    current = endpoints.describe(sagemaker, configuration.endpoint_name)
    config_name = current.config_name if current else None
    return Outcome("ignored", configuration.endpoint_name, config_name, model_package_arn)


def deploy(sagemaker: BaseClient, configuration: Configuration, package: Package) -> Outcome:
    """Starts the change of the endpoint to a package. It is not awaited, because SageMaker takes minutes for it."""
    definition = define(package, configuration)
    actions.prepare(sagemaker, definition)
    name, config_name = configuration.endpoint_name, definition.endpoint_config_name
    try:
        action = bring_to(sagemaker, name, config_name)
    except EndpointBusy:
        # The pipeline and the approval's event ask for the same package; whoever comes second finds it under way.
        if not plan.serves(endpoints.describe(sagemaker, name), config_name):
            raise
        action = "unchanged"
    return Outcome(action, name, config_name, package.arn)


def bring_to(sagemaker: BaseClient, name: str, config_name: str) -> Action:
    """Creates or updates the endpoint, whichever its state calls for; raises EndpointBusy."""
    change = plan.change_to(endpoints.describe(sagemaker, name), config_name)
    actions.apply(sagemaker, change, name, config_name)
    return DONE[change]
