"""State machines: create, describe, update and delete.

moto: another definition under the same name is silently not taken; members are missing; while one is deleted, others
may not be found. AWS: StateMachineAlreadyExists; a change has a revision.
"""

import functools
import uuid
from collections.abc import Callable
from threading import Lock
from typing import Any

from local.protocol.errors import ServiceError
from local.protocol.json_types import Record
from local.states.api.routing import missing
from local.states.mending import replace, wrap

IDENTITY = ("definition", "type", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration")
REVISED = ("definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration")
DEFAULTS: Record = {
    "type": "STANDARD",
    "loggingConfiguration": {"level": "OFF"},
    "tracingConfiguration": {"enabled": False},
    "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
}
_CHANGING = Lock()  # the list of machines


def mend() -> None:
    """Lets the operations on state machines answer as AWS does."""
    from moto.stepfunctions.models import StateMachine, StepFunctionBackend
    from moto.stepfunctions.responses import StepFunctionResponse

    wrap(StepFunctionBackend, "create_state_machine", _create)
    replace(StepFunctionBackend, "delete_state_machine", _delete)
    wrap(StepFunctionResponse, "update_state_machine", _update)
    wrap(StateMachine, "update", _change)
    replace(StepFunctionResponse, "_describe_state_machine", _describe)
    replace(StepFunctionResponse, "describe_state_machine_for_execution", _describe_for_execution)


def _create(create: Callable[..., Any], self: Any, name: str, definition: str, *role: str, **more: Any) -> Any:
    given = {key: value for key, value in more.items() if value}
    wanted = {**DEFAULTS, **given, "definition": definition, "type": more.get("sm_type") or DEFAULTS["type"]}
    for machine in self.state_machines:
        if machine.name == name and any(getattr(machine, key) != wanted[key] for key in IDENTITY):
            raise ServiceError("StateMachineAlreadyExists", f"State Machine Already Exists: '{machine.arn}'")
    with _CHANGING:
        return create(self, name, definition, *role, **more)


def _delete(self: Any, arn: str) -> None:
    """Takes a machine out of a new list: another request may be looking through this one, and would skip a machine."""
    self._validate_machine_arn(arn)
    with _CHANGING:
        self.state_machines = [machine for machine in self.state_machines if machine.arn != arn]


def _update(update: Callable[..., Any], self: Any) -> Any:
    arn = self._get_param("stateMachineArn")
    machine = next((each for each in self.stepfunction_backend.state_machines if each.arn == arn), None)
    if machine is None:
        raise missing(arn)
    before = getattr(machine, "revision_id", None)
    answer = update(self)
    if getattr(machine, "revision_id", None) != before:
        answer.result["revisionId"] = machine.revision_id
    return answer


def _change(change: Callable[..., None], self: Any, **members: Any) -> None:
    before = _revision(self)
    change(self, **members)
    if _revision(self) != before:
        self.revision_id = str(uuid.uuid4())


def _revision(machine: Any) -> list[Any]:
    return [getattr(machine, key) for key in REVISED]


def _describe(self: Any, state_machine_arn: str) -> Any:
    from moto.core.responses import ActionResult

    machine = self.stepfunction_backend.describe_state_machine(state_machine_arn)
    own = {"creationDate": machine.creation_date, "status": "ACTIVE", "type": machine.type}
    description = {"description": machine.description} if machine.description else {}
    return ActionResult({**described(machine), **own, **description})


def _describe_for_execution(self: Any) -> Any:
    from moto.core.responses import ActionResult

    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    machine = execution.state_machine
    return ActionResult({**described(machine), "updateDate": machine.update_date})


def described(machine: Any) -> Record:
    """What both descriptions of a machine say."""
    answer = {
        "stateMachineArn": machine.arn,
        "name": machine.name,
        "definition": machine.definition,
        "roleArn": machine.roleArn,
        "loggingConfiguration": {"includeExecutionData": False, **machine.loggingConfiguration},
        "tracingConfiguration": machine.tracingConfiguration,
        "encryptionConfiguration": machine.encryptionConfiguration,
        "revisionId": getattr(machine, "revision_id", None),
        "variableReferences": variable_references(machine.definition),
    }
    return {name: value for name, value in answer.items() if value}


@functools.lru_cache(maxsize=64)
def variable_references(definition: str) -> Record:
    """Which variables each state refers to."""
    from moto.stepfunctions.parser.asl.static_analyser.variable_references_static_analyser import (
        VariableReferencesStaticAnalyser,
    )

    found = VariableReferencesStaticAnalyser.process_and_get(definition)
    return {state: sorted(names) for state, names in found.items()}
