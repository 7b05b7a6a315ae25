"""Histories of executions.

moto: reverseOrder, maxResults and includeExecutionData are ignored; an execution that was stopped without a reason has
an empty one; some failures are written twice, and events come after the end. AWS: as here.
"""

from collections.abc import Callable
from typing import Any

from local.protocol.json_types import Json, Record
from local.states.api import children
from local.states.api.pages import page
from local.states.mending import replace, wrap

DATA = ("input", "output", "parameters", "assignedVariables")
ENDS = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")
FAILED, UNEVALUATED = "ExecutionFailed", "EvaluationFailed"


class _OfState(dict[str, Any]):
    """Details of a failure of a state. If it ends the execution, the engine writes it again."""


def mend() -> None:
    """Lets GetExecutionHistory do what it is asked."""
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
    from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager
    from moto.stepfunctions.responses import StepFunctionResponse

    replace(StepFunctionResponse, "get_execution_history", _answer)
    wrap(FailureEvent, "__init__", _fail)
    wrap(EventManager, "_publish_history_event", _publish)


def _fail(begin: Callable[..., None], self: Any, *given: Any, event_details: Any = None, **named: Any) -> None:
    begin(self, *given, event_details=event_details and _OfState(event_details), **named)


def _publish(publish: Callable[..., None], self: Any, **event: Any) -> None:
    events = self._history_event_list
    last = str(events[-1]["type"].value) if events else ""
    if not superfluous(event["event_type"].value, last, of_state=isinstance(event["event_details"], _OfState)):
        publish(self, **event)


def superfluous(kind: str, last: str, *, of_state: bool) -> bool:
    """Whether an event of this kind is not to be written after the last one."""
    again = of_state and (kind == FAILED or kind == last == UNEVALUATED)
    return again or last in ENDS


def _answer(self: Any) -> Any:
    arn = self._get_param("executionArn")
    events = children.history(self.stepfunction_backend, arn)
    if events is None:
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
