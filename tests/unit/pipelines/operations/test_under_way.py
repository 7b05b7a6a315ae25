"""Changes of stacks that somebody else makes, or that a command has begun that was cut off."""

from typing import Any

import pytest
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.errors import WaitTimeoutError
from pipelines.operations.under_way import WAIT_SECONDS, await_changes
from pipelines.settings.naming import Names
from pipelines.waiting.polling import Clock


def answers(cloudformation: Stubber, name: str, status: str | None) -> None:
    """A stack is in this state, or is not there."""
    if status is None:
        cloudformation.add_client_error("describe_stacks", "ValidationError", f"Stack with id {name} does not exist")
        return
    found = {"StackName": name, "CreationTime": "2026-01-02T00:00:00Z", "StackStatus": status}
    cloudformation.add_response("describe_stacks", {"Stacks": [found]}, {"StackName": name})


def test_every_stack_that_changes_is_waited_for_and_told_once(
    aws: Aws, cloudformation: Stubber, names: Names, manual: Any
) -> None:
    told: list[str] = []
    answers(cloudformation, names.storage_stack, "CREATE_IN_PROGRESS")
    answers(cloudformation, names.storage_stack, "CREATE_IN_PROGRESS")
    answers(cloudformation, names.storage_stack, "CREATE_COMPLETE")
    answers(cloudformation, names.application_stack, "REVIEW_IN_PROGRESS")
    answers(cloudformation, names.images_stack, None)
    answers(cloudformation, names.delivery_stack, "DELETE_IN_PROGRESS")
    for name in (names.storage_stack, names.application_stack, names.images_stack, names.delivery_stack):
        answers(cloudformation, name, "REVIEW_IN_PROGRESS" if name == names.application_stack else None)
    await_changes(aws, names, told.append, manual.clock)
    assert told == [
        f"waiting for the stack {names.storage_stack} (CREATE_IN_PROGRESS)",
        f"waiting for the stack {names.delivery_stack} (DELETE_IN_PROGRESS)",
    ]
    assert manual.time == 15


def test_a_change_without_end_is_told(aws: Aws, cloudformation: Stubber, names: Names, manual: Any) -> None:
    for _ in range(2):
        answers(cloudformation, names.storage_stack, "UPDATE_IN_PROGRESS")
    slow = Clock(lambda: manual.time, lambda _: manual.sleep(WAIT_SECONDS))
    words = f"{names.storage_stack} \\(UPDATE_IN_PROGRESS\\) has not ended after 30 minutes. Nothing was changed"
    with pytest.raises(WaitTimeoutError, match=words):
        await_changes(aws, names, lambda _: None, slow)
