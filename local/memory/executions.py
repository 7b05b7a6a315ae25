"""Executions of Step Functions: what is kept of them, and how those end that ran when the local AWS ended."""

from datetime import UTC, datetime
from typing import Any

ERROR = "LocalAws.Ended"
CAUSE = "The local AWS ended while this execution ran; start it again"
RUNNING = "RUNNING"
DROPPED = ("exec_worker", "_activity_store", "_cloud_watch_logging_session")  # what the engine works with


class EndedWorker:
    """Has the history of an execution, in the place of the engine that ran it."""

    def __init__(self, events: list[Any]) -> None:
        self.events = events
        self.env = self
        self.event_manager = self

    def get_event_history(self) -> list[Any]:
        """All events, oldest first."""
        return self.events


def end_of_history(events: list[Any]) -> EndedWorker:
    """The worker of an execution that was read."""
    return EndedWorker(events)


def reduce_execution(execution: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """How an execution is written: without the engine, but with the history that the engine has."""
    from copyreg import __newobj__  # type: ignore[attr-defined]

    state = {name: value for name, value in vars(execution).items() if name not in DROPPED}
    worker = execution.exec_worker
    events = list(worker.env.event_manager.get_event_history()) if worker and worker.env else []
    return __newobj__, (type(execution),), state | {"exec_worker": EndedWorker(events), "_activity_store": {}}


def executions(backends: list[Any]) -> list[Any]:
    """All executions in the backends of Step Functions."""
    machines = [machine for backend in backends for machine in list(backend.state_machines)]
    return [execution for machine in machines for execution in list(machine.executions)]


def end_interrupted(found: list[Any]) -> int:
    """Ends the executions that ran. Returns how many there were."""
    interrupted = [each for each in found if each.status == RUNNING]
    for execution in interrupted:
        _abort(execution)
    return len(interrupted)


def _abort(execution: Any) -> None:  # noqa: ANN401
    from moto.stepfunctions.parser.api import ExecutionStatus, HistoryEventType

    moment = datetime.now(UTC)
    execution.exec_status, execution.stop_date = ExecutionStatus.ABORTED, moment
    execution.error, execution.cause = ERROR, CAUSE
    events = execution.exec_worker.events
    events.append(
        {
            "timestamp": moment,
            "type": HistoryEventType.ExecutionAborted,
            "id": len(events) + 1,
            "previousEventId": len(events),
            "executionAbortedEventDetails": {"error": ERROR, "cause": CAUSE},
        }
    )
