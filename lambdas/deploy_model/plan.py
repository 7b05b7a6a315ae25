"""What to do about a package and an endpoint, decided from their states alone. Nothing here calls AWS."""

from typing import Literal

from lambdas.deploy_model.endpoint import Endpoint
from lambdas.deploy_model.models import ApprovalChange
from lambdas.deploy_model.registry import APPROVED, REJECTED, Package
from lambdas.shared.errors import EndpointBusy, InvalidRequest, PackageNotApproved

FAILED = "Failed"
CHANGING = {"Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"}
# In these states the endpoint does not serve the configuration that it names, and is not on its way to it either.
NOT_SERVING = {FAILED, "Deleting", "RollingBack", "UpdateRollbackFailed", "OutOfService"}

Verdict = Literal["deploy", "withdraw", "stale", "ignore"]
Change = Literal["keep", "create", "replace", "update"]


def check(package: Package, group: str) -> None:
    """Whether a package may be deployed on request.

    Raises:
        InvalidRequest: the package belongs to another group than the endpoint's.
        PackageNotApproved: nobody has approved it.

    """
    if package.group != group:
        raise InvalidRequest(f"{package.arn} is not of the group '{group}'")
    if package.status != APPROVED:
        raise PackageNotApproved(f"{package.arn} is {package.status}; approve it in the model registry first")


def verdict(change: ApprovalChange, package: Package) -> Verdict:
    """What a change of approval means for the package.

    Events arrive late, twice and out of order, so one that no longer agrees with the registry is stale.
    """
    if package.status != change.status:
        return "stale"
    if package.status == APPROVED:
        return "deploy"
    return "withdraw" if package.status == REJECTED else "ignore"


def change_to(current: Endpoint | None, config_name: str) -> Change:
    """The change that brings an endpoint to a configuration; raises EndpointBusy while it changes to another one."""
    if current is None:
        return "create"
    if serves(current, config_name):
        return "keep"
    if current.status in CHANGING:
        state = f"{current.status} with '{current.config_name}'"
        raise EndpointBusy(f"the endpoint '{current.name}' is {state}; try again later")
    return "replace" if current.status == FAILED else "update"


def serves(current: Endpoint | None, config_name: str) -> bool:
    """Whether the endpoint serves a configuration, or is being brought to it."""
    return current is not None and current.config_name == config_name and current.status not in NOT_SERVING
