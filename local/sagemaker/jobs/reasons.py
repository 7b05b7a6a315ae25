"""The FailureReason of a job: what failed, short enough for the record."""

from local.runtime.processes import describe_exit

MOST_REASON = 1024  # characters of a FailureReason
INTERNAL_ERROR = "InternalServerError"  # begins the reason of a failure that is not the job's fault
INTERRUPTED = f"{INTERNAL_ERROR}: the local AWS ended while the job ran"


def exit_reason(text: str, code: int) -> str:
    """A FailureReason: the output `text` of a process, and how it ended."""
    said = f"{text.strip()}, " if text.strip() else ""
    return f"AlgorithmError: {said}{describe_exit(code)}"


def cut(reason: str, most: int = MOST_REASON) -> str:
    """Shortens a reason to `most` characters: keeps the beginning, and more of the end, which has the cause."""
    if len(reason) <= most:
        return reason
    head = most // 4
    return f"{reason[:head]} … {reason[head + 3 - most :]}"
