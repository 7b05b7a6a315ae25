"""Child executions of distributed maps: listed by map run, described, and with a history if they are standard ones.

moto: knows no child executions. AWS: as here, for 90 days; here, for as long as the local AWS runs.
"""

import json
from collections.abc import Iterator
from typing import Any

from local.protocol.errors import ServiceError
from local.protocol.json_types import Record
from local.states.api.errors import MESSAGES
from local.states.maps.children import PENDING, RUNNING, SUCCEEDED, Child

ENDS = {"SUCCEEDED": "Succeeded", "FAILED": "Failed", "TIMED_OUT": "TimedOut", "ABORTED": "Aborted"}


def of_run(backend: Any, map_run: str, status: str | None) -> list[Record]:
    """ListExecutions' entries for a map run, the latest first. Raises ServiceError if there is no such run."""
    for record in _records(backend):
        if record.list_item()["mapRunArn"] == map_run:
            children = [child for child in _children(record) if status in (None, child.status)]
            return [_summary(record, child) for child in reversed(children)]
    raise ServiceError("ResourceNotFound", MESSAGES["ResourceNotFound"])


def described(backend: Any, arn: str, *, with_data: bool) -> Record | None:
    """DescribeExecution's answer for a child execution; None if the ARN is of no child."""
    for record, child in _all(backend, arn):
        included = {"included": with_data}
        answer = {**_summary(record, child), "inputDetails": included, "error": child.error, "cause": child.cause}
        data: Record = {"input": _json(child.input)}
        if child.status == SUCCEEDED:
            answer["outputDetails"] = included
            data["output"] = _json(child.output)
        whole = {**answer, **data} if with_data else answer
        return {name: value for name, value in whole.items() if value is not None}
    return None


def history(backend: Any, arn: str) -> list[Record] | None:
    """The events of a child execution; None if the ARN is of no child. Raises ServiceError for an express one."""
    for _, child in _all(backend, arn):
        if child.history is None:
            raise ServiceError("InvalidArn", f"Invalid Arn: 'Express executions have no history: {arn}'")
        events: list[Record] = list(child.history._history_event_list)
        return events if child.status == RUNNING else [*events, _end(child, len(events) + 1)]
    return None


def _end(child: Child, number: int) -> Record:
    details = {"output": _json(child.output)} if child.status == SUCCEEDED else {"error": child.error}
    kind = f"Execution{ENDS[child.status]}"
    return {
        "id": number,
        "previousEventId": number - 1,
        "type": kind,
        "timestamp": child.stopped,
        f"e{kind[1:]}EventDetails": details if child.status == SUCCEEDED else {**details, "cause": child.cause},
    }


def _summary(record: Any, child: Child) -> Record:
    return {
        "executionArn": child.arn,
        "stateMachineArn": child.machine_arn,
        "name": child.name,
        "status": child.status,
        "startDate": child.started,
        **({"stopDate": child.stopped} if child.stopped else {}),
        "mapRunArn": record.map_run_arn,
        "itemCount": child.items,
        "redriveCount": 0,
    }


def _all(backend: Any, arn: str) -> Iterator[tuple[Any, Child]]:
    if "/" in arn:  # between the names of the machine and of its map
        yield from ((record, child) for record in _records(backend) for child in _children(record) if child.arn == arn)


def _records(backend: Any) -> Iterator[Any]:
    """The map runs of all executions."""
    for execution in backend._get_executions():
        if execution.exec_worker:
            yield from execution.exec_worker.env.map_run_record_pool_manager.get_all()


def _children(record: Any) -> list[Child]:
    """The children that have started; none of a run before this local AWS was started."""
    run = getattr(record, "run", None)
    return [child for child in run.children if child.status != PENDING] if run else []


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
