"""ListMapRuns and DescribeMapRun.

moto: does not count what fails as AWS does, and says nothing of runs that were aborted. AWS: as here.
"""

from typing import Any

from local.protocol.json_types import Record
from local.states.maps.children import ABORTED, FAILED, PENDING, RUNNING, SUCCEEDED, TIMED_OUT
from local.states.mending import replace

NAMES = {
    PENDING: "pending",
    RUNNING: "running",
    SUCCEEDED: "succeeded",
    FAILED: "failed",
    TIMED_OUT: "timedOut",
    ABORTED: "aborted",
}


def mend() -> None:
    """Lets map runs be described as on AWS."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor.map_run_record import (
        MapRunRecord,
    )

    replace(MapRunRecord, "describe", _describe)
    replace(MapRunRecord, "list_item", _list)


def _describe(self: Any) -> Record:
    return {
        **_dates(self),
        "mapRunArn": self.map_run_arn,
        "executionArn": self.execution_arn,
        "status": _status(self),
        "maxConcurrency": self.max_concurrency,
        "toleratedFailureCount": self.tolerated_failure_count,
        "toleratedFailurePercentage": self.tolerated_failure_percentage,
        "itemCounts": counts(self, items=True),
        "executionCounts": counts(self, items=False),
        "redriveCount": 0,
    }


def _list(self: Any) -> Record:
    arns = {"mapRunArn": self.map_run_arn, "stateMachineArn": self.map_state_machine_arn}
    return {**_dates(self), **arns, "executionArn": self.execution_arn}


def _dates(self: Any) -> Record:
    return {"startDate": self.start_date, **({"stopDate": self.stop_date} if self.stop_date else {})}


def _status(self: Any) -> str:
    run = getattr(self, "run", None)
    return "ABORTED" if run and run.stopped and self.stop_date else str(self.status.value)


def counts(self: Any, *, items: bool) -> Record:
    """How many child executions, or items, have which status."""
    run = getattr(self, "run", None)
    found = {name: run.count(status, items=items) if run else 0 for status, name in NAMES.items()}
    total = sum(found.values())
    written = total - found["pending"] - found["running"] if run and run.has_written else 0
    return {**found, "total": total, "resultsWritten": written, "failuresNotRedrivable": 0, "pendingRedrive": 0}
