"""Follows an execution of the batch workflow until it ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.aws import Aws
from pipelines.errors import WaitTimeoutError
from pipelines.waiting.polling import CLOCK, Clock, poll

POLL_SECONDS = 1.0
WAIT_SECONDS = 25 * 3600  # longer than the workflow's own timeout (definitions/workflows/batch.py)


@dataclass(frozen=True)
class Counts:
    """How many photos of a map run are done, how many of these failed with their batch, and how many there are."""

    done: int = 0
    failed: int = 0
    total: int = 0


@dataclass(frozen=True)
class Ended:
    """An execution that has ended; `output` is JSON, and `why` what Step Functions says of a failure."""

    arn: str
    status: str
    output: str
    why: str
    started: datetime
    ended: datetime
    counts: Counts


Show = Callable[[Counts], None]


def follow(aws: Aws, arn: str, show: Show, clock: Clock = CLOCK) -> Ended:
    """Waits until the execution has ended, and calls `show` with its counts in the meantime.

    Raises:
        WaitTimeoutError: it runs longer than its own timeout allows.
    """

    def ended() -> dict[str, Any] | None:
        execution: dict[str, Any] = aws.stepfunctions.describe_execution(executionArn=arn)
        show(counts(aws, arn))
        return execution if execution["status"] != "RUNNING" else None

    found = poll(ended, WAIT_SECONDS, POLL_SECONDS, clock)
    if found is None:
        raise WaitTimeoutError(f"{arn} still runs after {WAIT_SECONDS} s")
    why = ": ".join(found[part] for part in ("error", "cause") if found.get(part))
    times = found["startDate"], found["stopDate"]
    return Ended(arn, found["status"], found.get("output", ""), why, *times, counts(aws, arn))


def counts(aws: Aws, arn: str) -> Counts:
    """The counts of an execution's map run; all are 0 until it has begun."""
    runs = aws.stepfunctions.list_map_runs(executionArn=arn)["mapRuns"]
    if not runs:
        return Counts()
    items = aws.stepfunctions.describe_map_run(mapRunArn=runs[0]["mapRunArn"])["itemCounts"]
    failed = items["failed"] + items["timedOut"] + items["aborted"]
    return Counts(items["succeeded"] + failed, failed, items["total"])
