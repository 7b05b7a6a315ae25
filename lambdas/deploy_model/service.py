"""Brings the endpoint one step nearer to what the registry says: reads both, asks `plan` what to do, and does it.

A request is a reason to look, never an order: whatever requests come, in whichever order, late or twice, the endpoint
ends with the approved version that has the highest number among those that were not rolled back.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lambdas.deploy_model import plan
from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.ending import finish_update, given_up, waiting
from lambdas.deploy_model.outcome import Action, Outcome, State
from lambdas.deploy_model.questions.turn import take_turn
from lambdas.deploy_model.requests import Deploy, Look, PackageChange, Request
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.state import endpoint as endpoints
from lambdas.deploy_model.state import marks, registry
from lambdas.deploy_model.state.endpoint import Endpoint
from lambdas.deploy_model.state.registry import Package
from lambdas.deploy_model.update import actions, baseline, capacity, scalable_target
from lambdas.deploy_model.update.definition import define
from lambdas.shared import deployments
from lambdas.shared.errors import EndpointBusy
from lambdas.shared.logging import logger

# For each change: what the answer says was done, and how the endpoint is left.
ANSWERS: dict[plan.Change, tuple[Action, State]] = {
    "keep": ("unchanged", "settled"),
    "create": ("created", "changing"),
    "update": ("updated", "changing"),
    "delete": ("deleted", "changing"),
    "wait": ("waiting", "changing"),
    "give up": ("failed", "failed"),
}


def answer(aws: Clients, configuration: Configuration, request: Request, now: datetime) -> Outcome:
    """Looks at registry and endpoint, and starts at most one change. `now` is in UTC.

    Raises:
        InvalidRequest: the registry has no such package, or it belongs to another group or account.
        PackageNotApproved: nobody has approved the package to deploy.
        PackageNotDeployable: no endpoint can serve the version that should be in production.
        BaselineNotCopied: the endpoint is as it should be, but the drift baseline for monitoring is not.

    """
    if isinstance(request, PackageChange) and not plan.concerns(request, configuration.model_package_group):
        return ignored(aws, configuration, "no decision about a version of this group")
    if isinstance(request, Deploy):
        check(aws, configuration, request)
    started = started_by(request)
    # This order, so that an update that somebody begins in between is not taken for one that has ended.
    noted = marks.of_endpoint(aws.sagemaker, configuration.endpoint_arn(aws.region))
    current = endpoints.describe(aws.sagemaker, configuration.endpoint_name, scaled=noted.scaled)
    turn = take_turn(aws, configuration, current, {noted.begun, started})
    if not finish_update(aws, configuration, current, noted.begun, turn, now):
        return replace(waiting(configuration, started), questions=turn.words)
    return replace(step(aws, configuration, request, current, now), questions=turn.words)


def step(
    aws: Clients, configuration: Configuration, request: Request, current: Endpoint | None, now: datetime
) -> Outcome:
    """Starts the next change, if there is one."""
    started = started_by(request)
    if current and started and plan.was_rolled_back(current, started) and is_rolled_back(aws, configuration, started):
        scalable_target.keep(aws, configuration, current)
        return given_up(configuration, current, started)
    if not configuration.hours.has(now):
        return close(aws, configuration, current)
    wanted, passed_over = choose(aws, configuration)
    if wanted is None:
        why = "every approved version was rolled back" if passed_over else "no version is approved"
        logger.warning("%s; the endpoint stays as it is", why)
        scalable_target.keep(aws, configuration, current)
        return ignored(aws, configuration, why)
    if why := postponed(aws, configuration, wanted, current, started, now):
        scalable_target.keep(aws, configuration, current)
        return ignored(aws, configuration, why)
    outcome = reconcile(aws, configuration, wanted, current, started)
    if outcome.state == "settled":
        # Only now, so that monitoring never compares the photos of one version with the baseline of another.
        baseline.publish(aws.s3, configuration.baseline_uri, wanted)
        scalable_target.keep(aws, configuration, current)
    return explained(outcome, request, wanted, passed_over)


def check(aws: Clients, configuration: Configuration, request: Deploy) -> None:
    """Whether the package that is to be deployed may be. Raises as `answer` does."""
    plan.check_account(request.model_package_arn, configuration.account)
    package = registry.describe(aws.sagemaker, request.model_package_arn)
    plan.check(package, configuration.model_package_group)


def started_by(request: Request) -> str | None:
    """The configuration to which the execution that looks has started to bring the endpoint."""
    return request.started if isinstance(request, Look) else None


def ignored(aws: Clients, configuration: Configuration, reason: str) -> Outcome:
    """The answer when there is nothing to do."""
    current = endpoints.describe(aws.sagemaker, configuration.endpoint_name)
    config_name = current.config_name if current else None
    return Outcome("ignored", "settled", configuration.endpoint_name, config_name, None, reason=reason)


def close(aws: Clients, configuration: Configuration, current: Endpoint | None) -> Outcome:
    """Deletes the endpoint outside of its hours; models and configurations stay."""
    change = plan.change_to_none(current)
    try:
        if change == "delete":
            scalable_target.make_way(aws, configuration, current, change)
            actions.delete(aws.sagemaker, configuration.endpoint_name)
    except EndpointBusy as busy:
        logger.info("the endpoint is being changed", reason=str(busy))
        change = "wait"
    action, state = ANSWERS[change]
    served = current.config_name if current else None
    reason = f"there is no endpoint outside of its hours, {configuration.hours.text}"
    return Outcome(action, state, configuration.endpoint_name, served, None, reason=reason)


def is_rolled_back(aws: Clients, configuration: Configuration, config_name: str) -> bool:
    """Whether a configuration has the mark that it was rolled back."""
    return deployments.is_rolled_back(aws.sagemaker, configuration.arn(aws.region, "endpoint-config", config_name))


def choose(aws: Clients, configuration: Configuration) -> tuple[Package | None, list[Package]]:
    """The version that should serve, if there is one, and the newer approved ones that were rolled back."""
    passed_over: list[Package] = []
    for package in registry.approved_packages(aws.sagemaker, configuration.model_package_group):
        plan.check_deployable(package)
        if not is_rolled_back(aws, configuration, define(package, configuration).endpoint_config_name):
            return package, passed_over
        passed_over.append(package)
    return None, passed_over


def postponed(
    aws: Clients,
    configuration: Configuration,
    wanted: Package,
    current: Endpoint | None,
    started: str | None,
    now: datetime,
) -> str:
    """Why an update is not begun yet, if there were no instances for it a short while ago; else empty."""
    config_name = define(wanted, configuration).endpoint_config_name
    serves = current is not None and current.status == plan.IN_SERVICE
    if not serves or plan.change_to(current, config_name, started) != "update":
        return ""
    since = marks.lacked(aws.sagemaker, configuration.arn(aws.region, "endpoint-config", config_name))
    if not capacity.tried_lately(since, now):
        return ""
    return f"there were no instances for version {wanted.version} at {since}; each hour tries it again"


def reconcile(
    aws: Clients, configuration: Configuration, wanted: Package, current: Endpoint | None, started: str | None
) -> Outcome:
    """Starts the next change on the way to a package, if the endpoint can be changed now."""
    definition = define(wanted, configuration)
    name, config_name = configuration.endpoint_name, definition.endpoint_config_name
    change = plan.change_to(current, config_name, started)
    try:
        if change in {"create", "update"}:
            actions.prepare(aws.sagemaker, definition)
        scalable_target.make_way(aws, configuration, current, change)
        actions.apply(aws, configuration, change, definition, current)
    except EndpointBusy as busy:  # somebody else was quicker, so the endpoint is changing now
        logger.info("the endpoint is being changed", reason=str(busy))
        change = "wait"
    action, state = ANSWERS[change]
    began = config_name if change in {"create", "update"} else started
    reason = unfinished(current) if current and state != "settled" else ""
    return Outcome(action, state, name, config_name, wanted.arn, began, reason)


def unfinished(current: Endpoint) -> str:
    """How the endpoint is, and why its latest change failed if it did."""
    failure = f": {current.failure}" if current.failure else ""
    return f"the endpoint is {current.status} with {current.config_name}{failure}"


def explained(outcome: Outcome, request: Request, wanted: Package, passed_over: Sequence[Package]) -> Outcome:
    """The outcome, with the reason where another package is wanted than the one that was asked for."""
    if passed_over and (request.model_package_arn in {None, *(each.arn for each in passed_over)}):
        versions = ", ".join(str(each.version) for each in passed_over)
        reason = (
            f"version {versions} was rolled back; remove the tag '{deployments.ROLLED_BACK}' to have it tried again"
        )
        return replace(outcome, reason=outcome.reason or reason)
    if request.model_package_arn in {None, wanted.arn}:
        return outcome
    reason = f"version {wanted.version} is the newest approved one; reject it to go back to an older one"
    return replace(outcome, reason=reason)
