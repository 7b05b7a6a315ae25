"""Histories of executions.

moto: reverseOrder, maxResults and includeExecutionData are ignored; an execution that was stopped without a reason has
an empty one. AWS: as here.
"""

from typing import Any

from local.protocol.json_types import Json, Record
from local.states.api.pages import page
from local.states.mending import replace

DATA = ("input", "output", "parameters", "assignedVariables")


def mend() -> None:
    """Lets GetExecutionHistory do what it is asked."""
    from moto.stepfunctions.responses import StepFunctionResponse

    replace(StepFunctionResponse, "get_execution_history", _answer)


def _answer(self: Any) -> Any:
    arn = self._get_param("executionArn")
    events = list(self.stepfunction_backend.get_execution_history(arn)["events"])
    if self._get_param("reverseOrder"):
        events.reverse()
    hidden = () if self._get_param("includeExecutionData") in (None, True) else DATA
    return page(self, "events", [shown(event, hidden) for event in events])


def shown(event: Record, hidden: tuple[str, ...]) -> Record:
    """An event without what has no value or is not wanted."""
    return {name: _details(value, hidden) if isinstance(value, dict) else value for name, value in event.items()}


def _details(details: Record, hidden: tuple[str, ...]) -> dict[str, Json]:
    return {name: value for name, value in details.items() if value is not None and name not in hidden}
