"""The lines that Lambda adds to a function's log around each invocation: as text, or with LogFormat JSON as JSON.

The JSON lines are the events that Lambda logs at its level INFO: "Lambda telemetry API Event schema reference" in AWS's
developer guide.
"""

import json
from collections.abc import Mapping

from local.functions.configuration import Function
from local.runtime.context import now


def start_lines(function: Function, request_id: str) -> list[str]:
    """The lines before an invocation."""
    if function.log_format == "JSON":
        return [_event("platform.start", {"requestId": request_id, "version": "$LATEST"})]
    return [f"START RequestId: {request_id} Version: $LATEST"]


def report_lines(function: Function, request_id: str, milliseconds: float, peak: float, error: str) -> list[str]:
    """The lines after an invocation: its duration and memory, and the type of its error if it failed."""
    if function.log_format == "JSON":
        metrics = {
            "durationMs": round(milliseconds, 2),
            "memorySizeMB": function.memory,
            "maxMemoryUsedMB": round(peak),
        }
        return [_event("platform.report", {"requestId": request_id, "metrics": metrics, **_status(error)})]
    return [
        f"END RequestId: {request_id}",
        f"REPORT RequestId: {request_id}\tDuration: {milliseconds:.2f} ms\t"
        f"Memory Size: {function.memory} MB\tMax Memory Used: {peak:.0f} MB",
    ]


def _event(kind: str, record: Mapping[str, object]) -> str:
    return json.dumps({"time": f"{now():%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z", "type": kind, "record": record})


def _status(error: str) -> dict[str, str]:
    if not error:
        return {"status": "success"}
    return {"status": "timeout" if error == "Sandbox.Timedout" else "error", "errorType": error}
