"""What to do about an endpoint, decided from the registry's and the endpoint's state alone. Nothing here calls AWS."""

from typing import Literal

from lambdas.deploy_model.requests import PackageChange
from lambdas.deploy_model.state.endpoint import Endpoint
from lambdas.deploy_model.state.registry import Package
from lambdas.shared.errors import InvalidRequest, PackageNotApproved, PackageNotDeployable
from lambdas.shared.production import APPROVED

# SageMaker refuses every change of an endpoint in these states.
CHANGING = {"Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"}
FAILED = "Failed"
IN_SERVICE = "InService"

Change = Literal["keep", "create", "delete", "update", "wait", "give up"]


def concerns(change: PackageChange, group: str) -> bool:
    """Whether an event is a reason to look: somebody decided about a version of the group.

    An event that does not say which fields changed may be about a decision.
    """
    return change.group == group and (change.fields is None or "ModelApprovalStatus" in change.fields)


def check_account(package_arn: str, account: str) -> None:
    """Raises InvalidRequest for a package of another account, whose approvals nobody here decides about."""
    if package_arn.split(":")[4] != account:
        raise InvalidRequest(f"{package_arn} is not of this account, {account}")


def check(package: Package, group: str) -> None:
    """Whether a package may be deployed on request.

    Raises:
        InvalidRequest: the package belongs to another group than the endpoint's.
        PackageNotApproved: nobody has approved it.
        PackageNotDeployable: no endpoint can serve it.

    """
    if package.group != group:
        raise InvalidRequest(f"{package.arn} is not of the group '{group}'")
    if package.status != APPROVED:
        raise PackageNotApproved(f"{package.arn} is {package.status}; approve it in the model registry first")
    check_deployable(package)


def check_deployable(package: Package) -> None:
    """Raises PackageNotDeployable for a package that no endpoint can serve."""
    if package.defect:
        raise PackageNotDeployable(
            f"{package.arn} cannot be deployed: {package.defect}. Reject it, and the approved version before it serves."
        )


def was_rolled_back(current: Endpoint | None, begun: str | None) -> bool:
    """Whether an update that was begun has ended, and the endpoint serves another configuration."""
    return current is not None and current.status == IN_SERVICE and begun not in {None, current.config_name}


def change_to_none(current: Endpoint | None) -> Change:
    """The next change on the way to no endpoint, which is as it should be outside of its hours."""
    if current is None:
        return "keep"
    return "wait" if current.status in CHANGING else "delete"


def change_to(current: Endpoint | None, config_name: str, started: str | None) -> Change:
    """The next change on the way of an endpoint to a configuration.

    `started` is the configuration to which this execution has started to bring the endpoint before. If that has failed,
    the same again would most likely fail again.
    """
    if current is None:
        return "create"
    if current.status in CHANGING:
        return "wait"
    if current.status == IN_SERVICE and current.config_name == config_name:
        return "keep"
    if started == config_name:
        return "give up"
    return "delete" if current.status == FAILED else "update"
