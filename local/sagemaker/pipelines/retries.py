"""Retry policies of pipeline steps: which faults are tried again, and when. Pure.

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
    """The exception type of an error in retry policies; None for an error that no policy names."""
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
    """Seconds to wait before the next attempt, after so many and so many seconds; None if there is to be none."""
    kind = fault(error)
    for policy in policies:
        if kind not in policy["ExceptionType"]:
            continue
        seconds = float(policy.get("IntervalSeconds", 1) * policy.get("BackoffRate", 2.0) ** (attempts - 1))
        expired = elapsed + seconds > policy.get("ExpireAfterMin", math.inf) * 60
        return None if expired or attempts > policy.get("MaxAttempts", 5) else seconds
    return None
