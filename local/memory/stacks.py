"""Stacks that were being made when the local AWS ended."""

from typing import Any

REASON = "The local AWS ended while this stack was being made; delete it, and make it again"
IN_PROGRESS = "_IN_PROGRESS"
REVIEW = "REVIEW_IN_PROGRESS"  # a change set waits for somebody to execute it


def fail_interrupted(backends: list[Any]) -> int:
    """Tells stacks that were not done as failed. Returns how many there were."""
    stacks = [stack for backend in backends for stack in backend.stacks.values()]
    interrupted = [stack for stack in stacks if stack.status.endswith(IN_PROGRESS) and stack.status != REVIEW]
    for stack in interrupted:
        stack.status = stack.status.replace(IN_PROGRESS, "_FAILED")
        stack._add_stack_event(stack.status, resource_status_reason=REASON)
    return len(interrupted)
