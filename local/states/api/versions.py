"""Versions and aliases of state machines.

moto: versions cannot be listed, published or deleted on their own; an alias can be made twice, and of a machine; to
delete one that is not there is an error. AWS: as here.
"""

from collections.abc import Callable
from typing import Any

from local.protocol.errors import ServiceError
from local.protocol.json_types import Record
from local.states.api.pages import page
from local.states.api.routing import PARTS, missing
from local.states.mending import replace, wrap

CONFLICT = (
    "Failed to create alias because an alias with the same name and a different routing configuration already exists."
)


def mend() -> None:
    """Lets the operations on versions and aliases answer as AWS does."""
    from moto.stepfunctions.models import StateMachine, StepFunctionBackend
    from moto.stepfunctions.responses import StepFunctionResponse

    wrap(StateMachine, "publish", _publish_once)
    wrap(StepFunctionBackend, "create_state_machine_alias", _create_alias)
    replace(StepFunctionBackend, "delete_state_machine_alias", _delete_alias)
    answers: Any = StepFunctionResponse
    answers.publish_state_machine_version = _publish
    answers.list_state_machine_versions = _list
    answers.delete_state_machine_version = _delete


def _publish_once(publish: Callable[..., None], self: Any, description: str | None) -> None:
    """Makes a version, unless the latest is of this revision."""
    revision = getattr(self, "revision_id", None)
    if self.latest_version is None or self.latest_version.revision_id != revision:
        publish(self, description)
        self.latest_version.revision_id = revision


def _create_alias(
    create: Callable[..., Any], self: Any, name: str, routing: list[Record], description: str | None
) -> Any:
    arns = [row["stateMachineVersionArn"] for row in routing]
    if any(arn.count(":") != PARTS for arn in arns):
        problem = f"Routing configuration must contain state machine version ARNs. Received: {arns}"
        raise ServiceError("ValidationException", problem)
    existing = _machine(self, arns[0]).aliases.get(name)
    if existing is None:
        return create(self, name, routing, description)
    if (existing.routing_configuration, existing.description) != (routing, description):
        raise ServiceError("ConflictException", CONFLICT)
    return existing


def _machine(backend: Any, arn: str) -> Any:
    backend._validate_machine_arn(arn)
    owner = ":".join(arn.split(":")[:PARTS])
    machine = next((each for each in backend.state_machines if each.arn == owner), None)
    if machine is None:
        raise missing(owner)
    return machine


def _publish(self: Any) -> Any:
    from moto.core.responses import ActionResult

    machine = _machine(self.stepfunction_backend, self._get_param("stateMachineArn"))
    revision = self._get_param("revisionId")
    if revision and revision != getattr(machine, "revision_id", None):
        raise ServiceError("ConflictException", f"The current revision is not {revision}")
    machine.publish(self._get_param("description"))
    version = machine.latest_version
    return ActionResult({"creationDate": version.creation_date, "stateMachineVersionArn": version.arn})


def _list(self: Any) -> Any:
    machine = _machine(self.stepfunction_backend, self._get_param("stateMachineArn"))
    versions = sorted(machine.versions.values(), key=lambda each: each.version, reverse=True)
    rows = [{"stateMachineVersionArn": each.arn, "creationDate": each.creation_date} for each in versions]
    return page(self, "stateMachineVersions", rows)


def _delete(self: Any) -> Any:
    from moto.core.responses import EmptyResult

    arn = self._get_param("stateMachineVersionArn")
    machine = _machine(self.stepfunction_backend, arn)
    routes = [
        row["stateMachineVersionArn"] for alias in machine.aliases.values() for row in alias.routing_configuration
    ]
    if arn in routes:
        raise ServiceError("ConflictException", f"Version to be deleted must not be referenced by an alias: '{arn}'")
    number = arn.rpartition(":")[2]
    if number.isdecimal():
        machine.versions.pop(int(number), None)
    return EmptyResult()


def _delete_alias(self: Any, arn: str) -> None:
    _machine(self, arn).aliases.pop(arn.rpartition(":")[2], None)
