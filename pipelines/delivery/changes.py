"""What a deployment is going to change in a stack, as CloudFormation says it before anything is done, and doing it."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import WaiterError

from pipelines.aws import Aws
from pipelines.delivery.stacks import (
    BROKEN,
    WAIT,
    Action,
    Stack,
    arguments,
    create,
    delete,
    describe,
    is_current,
    refuse_unready,
    wait,
)
from pipelines.errors import AwsError

NOTHING = ("didn't contain changes", "no updates are to be performed")


@dataclass(frozen=True)
class StackChange:
    """What is going to be done to a stack, and a line for each thing in it that changes.

    `change_set` is the name of an update's change set. Calls name the stack as well, by which AWS authorizes them.
    """

    stack: Stack
    action: Action
    lines: tuple[str, ...] = ()
    change_set: str = ""

    def describe(self) -> str:
        """The change as lines of text."""
        return "\n".join([f"{self.stack.name}: to be {self.action}", *(f"  {each}" for each in self.lines)])


def plan_change(aws: Aws, stack: Stack) -> StackChange:
    """Compares a stack with what it should be. Has CloudFormation prepare an update, and executes nothing.

    Raises:
        AwsError: somebody else is changing the stack, or CloudFormation refuses the template.
    """
    current = describe(aws, stack.name)
    if current is None or current["StackStatus"] in BROKEN:
        kinds = Counter(stack.template.resources.values())
        lines = tuple(f"create {count} × {kind}" for kind, count in sorted(kinds.items()))
        return StackChange(stack, "created" if current is None else "replaced", lines)
    refuse_unready(stack.name, current["StackStatus"])
    return StackChange(stack, "unchanged") if is_current(aws, stack, current) else prepare_update(aws, stack, current)


def prepare_update(aws: Aws, stack: Stack, current: Mapping[str, Any]) -> StackChange:
    """A change set, and what it changes."""
    name = f"scones-{uuid.uuid4().hex[:12]}"
    named = {"StackName": stack.name, "ChangeSetName": name}
    aws.cloudformation.create_change_set(**arguments(aws, stack), ChangeSetName=name, ChangeSetType="UPDATE")
    try:
        aws.cloudformation.get_waiter("change_set_create_complete").wait(**named, WaiterConfig=WAIT)
    except WaiterError as error:
        reason = str(error.last_response.get("StatusReason", error))
        aws.cloudformation.delete_change_set(**named)
        if any(words in reason.lower() for words in NOTHING):
            return StackChange(stack, "unchanged")
        raise AwsError(f"the stack {stack.name} cannot be changed so: {reason}") from error
    resources = (_resource(each) for each in resource_changes(aws, stack.name, name))
    return StackChange(stack, "updated", (*parameter_changes(stack, current), *resources), name)


def parameter_changes(stack: Stack, current: Mapping[str, Any]) -> Iterator[str]:
    """The parameters that get another value, a line for each."""
    before = {each["ParameterKey"]: each.get("ParameterValue", "") for each in current.get("Parameters", [])}
    for name, value in stack.parameters.items():
        if before.get(name) != value:
            yield f"{name}: {before.get(name, 'nothing')} → {value}"


def resource_changes(aws: Aws, stack: str, change_set: str) -> Iterator[dict[str, Any]]:
    """The changed resources of a change set."""
    pages = aws.cloudformation.get_paginator("describe_change_set")
    for page in pages.paginate(StackName=stack, ChangeSetName=change_set):
        yield from (each["ResourceChange"] for each in page.get("Changes", []))


def apply_change(aws: Aws, change: StackChange) -> Action:
    """Makes the change and waits until that is done.

    Raises:
        AwsError: the change failed; the message has each resource's reason.
    """
    if change.action == "replaced":
        delete(aws, change.stack.name)
    if change.action in {"created", "replaced"}:
        create(aws, change.stack)
    if change.action == "updated":
        aws.cloudformation.execute_change_set(StackName=change.stack.name, ChangeSetName=change.change_set)
        wait(aws, change.stack.name, "stack_update_complete")
    return change.action


def discard(aws: Aws, change: StackChange) -> None:
    """Deletes a change set that nobody wants executed."""
    if change.change_set:
        aws.cloudformation.delete_change_set(StackName=change.stack.name, ChangeSetName=change.change_set)


def _resource(change: dict[str, Any]) -> str:
    text = f"{change['Action'].lower()} {change['LogicalResourceId']} ({change['ResourceType']})"
    replacement = change.get("Replacement", "False")
    return text if replacement == "False" else f"{text}, which is made anew ({replacement.lower()})"
