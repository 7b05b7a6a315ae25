"""The metrics of executions, with the names, units and dimensions of "Monitoring Step Functions metrics" on AWS.

They are computed from the events that tell of an execution's status.
"""

from collections.abc import Iterator

from local.protocol.json_types import Record
from local.protocol.times import in_utc
from local.runtime.measured import Measured

NAMESPACE = "AWS/States"
COUNTED = {
    "RUNNING": "ExecutionsStarted",
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "TIMED_OUT": "ExecutionsTimedOut",
    "ABORTED": "ExecutionsAborted",
}


def of_change(detail: Record) -> Iterator[Measured]:
    """The values of one change of an execution's status, given the detail of the event that tells of it."""
    dimensions, status = {"StateMachineArn": detail["stateMachineArn"]}, detail["status"]
    yield Measured(NAMESPACE, COUNTED[status], 1.0, dimensions)
    if status != "RUNNING":
        milliseconds = (in_utc(detail["stopDate"]) - in_utc(detail["startDate"])).total_seconds() * 1000
        yield Measured(NAMESPACE, "ExecutionTime", milliseconds, dimensions, "Milliseconds")
