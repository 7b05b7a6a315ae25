"""Brings the endpoint one step nearer to what the registry says: reads both, asks `plan` what to do, and does it.

A request is a reason to look, never an order: whatever requests come, in whichever order, late or twice, the endpoint
ends with the approved version that has the highest number.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from botocore.client import BaseClient

from lambdas.deploy_model import actions, baseline, plan, registry
from lambdas.deploy_model import endpoint as endpoints
from lambdas.deploy_model.models import Configuration, Deploy, Look, PackageChange, define
from lambdas.deploy_model.registry import Package
from lambdas.shared.errors import EndpointBusy
from lambdas.shared.logging import logger

Action = Literal["created", "updated", "deleted", "unchanged", "waiting", "failed", "ignored"]
State = Literal["settled", "changing", "failed"]
# For each change: what the answer says was done, and how the endpoint is left.
ANSWERS: dict[plan.Change, tuple[Action, State]] = {
    "keep": ("unchanged", "settled"),
    "create": ("created", "changing"),
    "update": ("updated", "changing"),
    "delete": ("deleted", "changing"),
    "wait": ("waiting", "changing"),
    "give up": ("failed", "failed"),
}


@dataclass(frozen=True)
class Outcome:
    """What was done, and what the endpoint serves or will serve.

    `state` is `settled` if nothing more is to be done, `changing` if somebody has to look again, and `failed` if the
    change that this execution `started` has failed. `reason` says why the endpoint is not, or not yet, as requested.
    """

    action: Action
    state: State
    endpoint_name: str
    endpoint_config_name: str | None
    model_package_arn: str | None
    started: str | None = None
    reason: str = ""

    def as_event(self) -> dict[str, Any]:
        """The function's answer."""
        return asdict(self)


def answer(
    sagemaker: BaseClient, s3: BaseClient, configuration: Configuration, request: Deploy | PackageChange | Look
) -> Outcome:
    """Looks at registry and endpoint, and starts at most one change.

    Raises:
        InvalidRequest: the registry has no such package, or it belongs to another group or account.
        PackageNotApproved: nobody has approved the package to deploy.
        PackageNotDeployable: no endpoint can serve the version that should be in production.
        BaselineNotCopied: the endpoint is as it should be, but the drift baseline for monitoring is not.

    """
    if isinstance(request, PackageChange) and not plan.concerns(request, configuration.model_package_group):
        return ignored(sagemaker, configuration, "no decision about a version of this group")
    if isinstance(request, Deploy):
        plan.check_account(request.model_package_arn, configuration.account)
        package = registry.describe(sagemaker, request.model_package_arn)
        plan.check(package, configuration.model_package_group)
    wanted = registry.latest_approved(sagemaker, configuration.model_package_group)
    if wanted is None:
        logger.warning("no version is approved; the endpoint stays as it is")
        return ignored(sagemaker, configuration, "no version is approved")
    plan.check_deployable(wanted)
    outcome = reconcile(sagemaker, configuration, wanted, request.started if isinstance(request, Look) else None)
    if outcome.state == "settled":
        # Only now, so that monitoring never compares the photos of one version with the baseline of another.
        baseline.publish(s3, configuration.baseline_uri, wanted)
    return explained(outcome, request, wanted)


def ignored(sagemaker: BaseClient, configuration: Configuration, reason: str) -> Outcome:
    """The answer when there is nothing to do."""
    current = endpoints.describe(sagemaker, configuration.endpoint_name)
    config_name = current.config_name if current else None
    return Outcome("ignored", "settled", configuration.endpoint_name, config_name, None, reason=reason)


def reconcile(sagemaker: BaseClient, configuration: Configuration, wanted: Package, started: str | None) -> Outcome:
    """Starts the next change on the way to a package, if the endpoint can be changed now."""
    definition = define(wanted, configuration)
    name, config_name = configuration.endpoint_name, definition.endpoint_config_name
    current = endpoints.describe(sagemaker, name)
    change = plan.change_to(current, config_name, started)
    try:
        if change in {"create", "update"}:
            actions.prepare(sagemaker, definition)
        actions.apply(sagemaker, change, name, definition)
    except EndpointBusy as busy:  # somebody else was quicker, so the endpoint is changing now
        logger.info("the endpoint is being changed", reason=str(busy))
        change = "wait"
    action, state = ANSWERS[change]
    began = config_name if change in {"create", "update"} else started
    reason = f"the endpoint is {current.status} with {current.config_name}" if current and state != "settled" else ""
    return Outcome(action, state, name, config_name, wanted.arn, began, reason)


def explained(outcome: Outcome, request: Deploy | PackageChange | Look, wanted: Package) -> Outcome:
    """The outcome, with the reason where another package is wanted than the one that was asked for."""
    if request.model_package_arn in {None, wanted.arn}:
        return outcome
    reason = f"version {wanted.version} is the newest approved one; reject it to go back to an older one"
    return replace(outcome, reason=reason)
