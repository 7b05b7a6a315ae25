"""Failures of states, as the engine raises them."""

from typing import Any


def failure(env: Any, error: str, cause: str, event: str = "ExecutionFailed") -> Exception:
    """An exception with which a state fails. `env` is the engine's environment, `event` what the history says of it."""
    from moto.stepfunctions.parser.api import HistoryEventType
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
        FailureEvent,
        FailureEventException,
    )
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName

    details: Any = {"executionFailedEventDetails": {"error": error, "cause": cause}}
    failed = FailureEvent(
        env=env,
        error_name=StatesErrorName.from_name(error),
        event_type=HistoryEventType(event),
        event_details=details,
    )
    raised: Exception = FailureEventException(failed)
    return raised


def query_failure(env: Any, cause: str) -> Exception:
    """Notes in the history that an expression could not be evaluated; the exception with which the state fails."""
    from moto.stepfunctions.parser.api import HistoryEventType
    from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
        FailureEvent,
        FailureEventException,
    )
    from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName

    name = "States.QueryEvaluationError"
    details: Any = {"evaluationFailedEventDetails": {"error": name, "cause": cause}}
    raised: Any = FailureEventException(
        FailureEvent(
            env=env,
            error_name=StatesErrorName.from_name(name),
            event_type=HistoryEventType.EvaluationFailed,
            event_details=details,
        )
    )
    written: Any = {"evaluationFailedEventDetails": raised.get_evaluation_failed_event_details()}
    env.event_manager.add_event(
        context=env.event_history_context, event_type=HistoryEventType.EvaluationFailed, event_details=written
    )
    failed: Exception = raised
    return failed
