"""Executions of the state machine that calls `deploy_model`."""

from typing import Any

from unit.lambdas.context import CONTEXT
from unit.lambdas.deployment import event_of, settle
from unit.lambdas.sagemaker_in_memory import Account

from lambdas.deploy_model.handler import handler

HOURLY = {"reconcile": {}}


def run_execution(account: Account, event: dict[str, Any], *, failing: bool = False) -> dict[str, Any]:
    """Does what the state machine does: calls the function until the endpoint is settled, or a change has failed."""
    return settle(handler(event, CONTEXT), lambda: account.finish(failing=failing))


def approve(account: Account, version: int, *, failing: bool = False) -> dict[str, Any]:
    """Somebody approves a version, and the event is dealt with."""
    account.versions[version] = "Approved"
    return run_execution(account, event_of(version, ["ModelApprovalStatus"]), failing=failing)


def updates(account: Account) -> int:
    """How often an update was begun."""
    return account.calls.count("UpdateEndpoint")
