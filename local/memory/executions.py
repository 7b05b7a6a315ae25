"""Executions of Step Functions: what is kept of them, and how those end that ran when the local AWS ended."""

from datetime import UTC, datetime
from typing import Any

from local.protocol.json_types import Record

ERROR = "LocalAws.Ended"
CAUSE = "The local AWS ended while this execution ran; start it again"
RUNNING = "RUNNING"
DROPPED = ("exec_worker", "_activity_store", "_cloud_watch_logging_session")  # what the engine works with


class EndedRun:
    """What is kept of a map run: its descriptions."""

    def __init__(self, description: Record, item: Record) -> None:
        self._description = description
        self._item = item

    def end(self, moment: datetime) -> None:
        """Tells the run as aborted, if it had not ended."""
        if self._description["status"] == RUNNING:
            self._description |= {"status": "ABORTED", "stopDate": moment}
            self._item |= {"stopDate": moment}

    def describe(self) -> Record:
        """DescribeMapRun's answer."""
        return self._description

    def list_item(self) -> Record:
        """Its entry in ListMapRuns' answer."""
        return self._item


class EndedWorker:
    """Has the history and the map runs of an execution, in the place of the engine that ran it."""

    def __init__(self, events: list[Any], runs: list[EndedRun]) -> None:
        self.events = events
        self.runs = runs
        self.env = self.event_manager = self.map_run_record_pool_manager = self

    def get_event_history(self) -> list[Any]:
        """All events, oldest first."""
        return self.events

    def get(self, arn: str) -> EndedRun | None:
        """The map run with an ARN."""
        return next((run for run in self.runs if run.describe()["mapRunArn"] == arn), None)

    def get_all(self) -> list[EndedRun]:
        """All map runs."""
        return self.runs


def reduce_execution(execution: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """How an execution is written: without the engine, but with the history that the engine has."""
    from copyreg import __newobj__  # type: ignore[attr-defined]

    state = {name: value for name, value in vars(execution).items() if name not in DROPPED}
    env = execution.exec_worker.env if execution.exec_worker else None
    events = _events(env.event_manager) if env else []
    records = list(env.map_run_record_pool_manager.get_all()) if env else []
    ended = EndedWorker(events, [EndedRun(record.describe(), record.list_item()) for record in records])
    return __newobj__, (type(execution),), state | {"exec_worker": ended, "_activity_store": {}}


def _events(manager: Any) -> list[Any]:  # noqa: ANN401
    """The events so far, none of which changes any more. The engine itself gives a deep copy, which takes longer."""
    if isinstance(manager, EndedWorker):
        return list(manager.events)
    with manager._mutex:
        return list(manager._history_event_list)


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
    for run in execution.exec_worker.get_all():
        run.end(moment)
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
