"""Changes of stacks that are under way: whoever else makes them, or a command that was cut off has begun them."""

from collections.abc import Callable, Collection, Iterator

from pipelines.aws import Aws
from pipelines.delivery.stacks import describe
from pipelines.errors import WaitTimeoutError
from pipelines.settings.naming import Names
from pipelines.waiting.polling import CLOCK, Clock, poll

POLL_SECONDS = 5
WAIT_SECONDS = 1800  # a stack of this project takes some minutes
FOR_A_PERSON = "REVIEW_IN_PROGRESS"  # a stack that has nothing but a change set; nobody is working on it


def changing_stacks(aws: Aws, names: Names, but_not: Collection[str] = (FOR_A_PERSON,)) -> Iterator[str]:
    """The stacks of an environment that are being changed, with their status, in words."""
    for name in names.stacks:
        status = stack["StackStatus"] if (stack := describe(aws, name)) else ""
        if status.endswith("_IN_PROGRESS") and status not in but_not:
            yield f"the stack {name} ({status})"


def await_changes(aws: Aws, names: Names, tell: Callable[[str], None], clock: Clock = CLOCK) -> None:
    """Waits until no stack is being changed. `tell` hears what is waited for.

    Raises:
        WaitTimeoutError: a change has not ended after half an hour.
    """
    told: list[str] = []

    def at_rest() -> bool | None:
        for each in changing_stacks(aws, names):
            if each not in told:
                told.append(each)
                tell(f"waiting for {each}")
            return None
        return True

    if poll(at_rest, WAIT_SECONDS, POLL_SECONDS, clock) is None:
        raise WaitTimeoutError(
            f"{told[-1]} has not ended after {WAIT_SECONDS // 60} minutes. Nothing was changed; look at its events in "
            "CloudFormation, and run the command again"
        )
