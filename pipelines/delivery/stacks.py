"""CloudFormation stacks: what has to be done with one, and doing it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import ClientError, WaiterError

from pipelines.aws import Aws
from pipelines.delivery.templates import Template
from pipelines.errors import AwsError

Action = Literal["created", "updated", "replaced", "unchanged"]
# States of a stack whose creation or deletion failed: CloudFormation allows nothing but to delete it.
BROKEN = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "REVIEW_IN_PROGRESS"}
WAIT = {"Delay": 5, "MaxAttempts": 360}  # half an hour


@dataclass(frozen=True)
class Stack:
    """A stack as it should be."""

    name: str
    template: Template
    parameters: Mapping[str, str]


def bring_up(aws: Aws, stack: Stack) -> Action:
    """Creates or updates a stack, and waits; does nothing when it is as it should be.

    Raises:
        AwsError: the stack is being changed, or the change failed - with the reasons of the resources that did.
    """
    current = describe(aws, stack.name)
    if current is None:
        return create(aws, stack)
    if current["StackStatus"] in BROKEN:
        delete(aws, stack.name)
        create(aws, stack)
        return "replaced"
    refuse_unready(stack.name, current["StackStatus"])
    return "unchanged" if is_current(aws, stack, current) else update(aws, stack)


def describe(aws: Aws, name: str) -> dict[str, Any] | None:
    """The stack as CloudFormation knows it; None when there is none."""
    try:
        found: dict[str, Any] = aws.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in error.response["Error"].get("Message", ""):
            return None
        raise
    return found


def refuse_unready(name: str, status: str) -> None:
    """Raises AwsError when a stack cannot be updated now."""
    if status.endswith("_IN_PROGRESS"):
        raise AwsError(f"the stack {name} is being changed ({status}); wait until that has ended")
    if status == "UPDATE_ROLLBACK_FAILED":
        cure = f"aws cloudformation continue-update-rollback --stack-name {name}"
        raise AwsError(f"the stack {name} could not go back after a failed update ({status}); run '{cure}' first")


def is_current(aws: Aws, stack: Stack, current: Mapping[str, Any]) -> bool:
    """Whether a stack has the template and the parameters that it should have."""
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in current.get("Parameters", [])}
    body = aws.cloudformation.get_template(StackName=stack.name)["TemplateBody"]
    return bool(parameters == stack.parameters and body == stack.template.body)


def create(aws: Aws, stack: Stack) -> Action:
    """Creates a stack and waits."""
    stack_id = aws.cloudformation.create_stack(**arguments(stack))["StackId"]
    wait(aws, stack_id, "stack_create_complete")
    return "created"


def update(aws: Aws, stack: Stack) -> Action:
    """Updates a stack and waits."""
    try:
        stack_id = aws.cloudformation.update_stack(**arguments(stack))["StackId"]
    except ClientError as error:
        if "No updates are to be performed" in error.response["Error"].get("Message", ""):
            return "unchanged"
        raise
    wait(aws, stack_id, "stack_update_complete")
    return "updated"


def arguments(stack: Stack) -> dict[str, Any]:
    """Arguments of CreateStack and UpdateStack."""
    return {
        "StackName": stack.name,
        "TemplateBody": stack.template.body,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in stack.parameters.items()],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }


def delete(aws: Aws, name: str) -> bool:
    """Deletes a stack and waits; returns whether there was one."""
    current = describe(aws, name)
    if current is None:
        return False
    aws.cloudformation.delete_stack(StackName=name)
    wait(aws, current["StackId"], "stack_delete_complete")
    return True


def wait(aws: Aws, stack_id: str, waiter: str) -> None:
    """Waits for the end of a change; AwsError with the reasons when it failed."""
    try:
        aws.cloudformation.get_waiter(waiter).wait(StackName=stack_id, WaiterConfig=WAIT)
    except WaiterError as error:
        name = stack_id.split("/")[1] if "/" in stack_id else stack_id
        reasons = "".join(f"\n  {reason}" for reason in failures(aws, stack_id))
        raise AwsError(f"the stack {name} failed:{reasons or f' {error}'}") from error


def failures(aws: Aws, stack_id: str) -> list[str]:
    """Why the latest change of a stack failed, the first reason first."""
    return [
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {event['ResourceStatusReason']}"
        for event in reversed(list(latest_events(aws, stack_id)))
        if event["ResourceStatus"].endswith("_FAILED")
        and "cancelled" not in event.get("ResourceStatusReason", "cancelled")
    ]


def latest_events(aws: Aws, stack_id: str) -> Iterator[dict[str, Any]]:
    """The events of the latest change, newest first: back to the one with which somebody began it."""
    for page in aws.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack_id):
        for event in page["StackEvents"]:
            yield event
            if event.get("ResourceStatusReason") == "User Initiated":
                return


def skipped(aws: Aws, stack: Stack) -> tuple[str, ...]:
    """Resources of the template that the endpoint did not make, as `AWS::Type` or `AWS::Type (3)`.

    AWS makes all or fails. Other endpoints leave out what they do not know and say nothing.
    """
    pages = aws.cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack.name)
    made = {each["LogicalResourceId"] for page in pages for each in page["StackResourceSummaries"]}
    missing = Counter(kind for name, kind in stack.template.resources.items() if name not in made)
    return tuple(kind if count == 1 else f"{kind} ({count})" for kind, count in sorted(missing.items()))
