"""Retry policies of pipeline steps: which errors are retried, and when. Pure.

Source: "Retry Policy for Pipeline Steps" in AWS's developer guide.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from local.protocol.errors import JobError, ServiceError

JOB_FAULTS = {
    "InternalServerError": "SageMaker.JOB_INTERNAL_ERROR",
    "CapacityError": "SageMaker.CAPACITY_ERROR",
    "ResourceLimitExceeded": "SageMaker.RESOURCE_LIMIT",
}


def fault(error: JobError | ServiceError) -> str | None:
    """The name of an error in retry policies; None if no policy can name it."""
    if isinstance(error, JobError):
        return JOB_FAULTS.get(str(error).partition(":")[0])
    if error.code == "ResourceLimitExceeded":
        return JOB_FAULTS[error.code]
    if "Throttling" in error.code:
        return "Step.THROTTLING"
    return "Step.SERVICE_FAULT" if error.status >= 500 else None


def pause(
    policies: Iterable[Mapping[str, Any]], error: JobError | ServiceError, attempts: int, elapsed: float
) -> float | None:
    """Seconds until the next attempt; None if there is none. `elapsed` is in seconds since the first attempt."""
    kind = fault(error)
    for policy in policies:
        if kind not in policy["ExceptionType"]:
            continue
        seconds = float(policy.get("IntervalSeconds", 1) * policy.get("BackoffRate", 2.0) ** (attempts - 1))
        expired = elapsed + seconds > policy.get("ExpireAfterMin", math.inf) * 60
        return None if expired or attempts > policy.get("MaxAttempts", 5) else seconds
    return None
