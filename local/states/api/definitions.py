"""Definitions: checked when a machine is created or changed, by a call or by a template.

moto: takes whatever its grammar reads, and does not validate on request. AWS: InvalidDefinition for a definition that
cannot run, and ValidateStateMachineDefinition says why. What AWS runs and this engine does not is refused by name.
"""

import json
from collections.abc import Callable
from typing import Any

from local.protocol.errors import ServiceError
from local.protocol.json_types import Record
from local.states.api.errors import invalid_definition
from local.states.definition import refuse_definition
from local.states.mending import replace, wrap
from local.states.validation.problems import SCHEMA, Problem
from local.states.validation.programs import check_text

MOST_DIAGNOSTICS = 100


def mend() -> None:
    """Lets definitions be validated as AWS does."""
    from moto.stepfunctions.models import StateMachine
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend
    from moto.stepfunctions.responses import StepFunctionResponse

    read = StepFunctionsParserBackend._validate_definition
    replace(
        StepFunctionsParserBackend, "_validate_definition", staticmethod(lambda definition: check(definition, read))
    )
    answers: Any = StepFunctionResponse
    answers.validate_state_machine_definition = lambda self: _validate(self, read)
    for name in ("create_from_cloudformation_json", "update_from_cloudformation_json"):
        wrap(StateMachine, name, _with_definition)


def check(definition: str, read: Callable[[str], None]) -> None:
    """Raises ServiceError for a definition that AWS or the local AWS does not accept. `read` is the engine's check."""
    if problems := check_text(definition):
        raise invalid_definition(", ".join(map(str, problems)))
    refuse_definition(definition)
    read(definition)


def _validate(self: Any, read: Callable[[str], None]) -> Any:
    from moto.core.responses import ActionResult

    express = self._get_param("type") == "EXPRESS"
    definition = self._get_param("definition")
    problems = check_text(definition, express=express) or _unread(definition, read)
    return ActionResult(diagnosed(problems, int(self._get_param("maxResults") or MOST_DIAGNOSTICS)))


def _unread(definition: str, read: Callable[[str], None]) -> list[Problem]:
    try:
        read(definition)
    except ServiceError as error:
        return [Problem(SCHEMA, error.message, "/")]
    return []


def diagnosed(problems: list[Problem], most: int) -> Record:
    """ValidateStateMachineDefinition's answer."""
    rows = [{"severity": "ERROR", **vars(problem)} for problem in problems[:most]]
    return {"result": "FAIL" if problems else "OK", "diagnostics": rows, "truncated": len(problems) > most}


def _with_definition(make: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Puts the definition of a template's resource together, which moto knows only as DefinitionString."""
    resource = named.get("cloudformation_json") or given[1]
    properties = resource["Properties"]
    resource["Properties"] = {**properties, "DefinitionString": definition_of(properties)}
    return make(*given, **named)


def definition_of(properties: Record) -> str:
    """The definition in a resource's properties, with its substitutions."""
    text = properties.get("DefinitionString") or json.dumps(properties.get("Definition", {}))
    for name, value in (properties.get("DefinitionSubstitutions") or {}).items():
        text = text.replace(f"${{{name}}}", str(value))
    return str(text)
