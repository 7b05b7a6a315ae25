"""CloudFormation stacks: how they are, whether that is as it should be, and making and deleting them."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from botocore.exceptions import ClientError, WaiterError

from pipelines.aws import Aws
from pipelines.delivery.templates import LARGEST_BODY, Template
from pipelines.errors import AwsError
from pipelines.settings.naming import tag_list
from pipelines.settings.partitions import partition_of

Action = Literal["created", "updated", "replaced", "unchanged"]
# In these states, after a failed creation or deletion, CloudFormation only allows to delete the stack.
BROKEN = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "REVIEW_IN_PROGRESS"}
TEMPLATES = "code/templates/"  # below what the role of CodeBuild may write
WAIT = {"Delay": 5, "MaxAttempts": 360}  # half an hour


@dataclass(frozen=True)
class Stack:
    """The desired state of a stack. `bucket` takes the template if it is too large for a call.

    CloudFormation passes the tags on to the resources.
    """

    name: str
    template: Template
    parameters: Mapping[str, str]
    bucket: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


def describe(aws: Aws, name: str) -> dict[str, Any] | None:
    """The stack as CloudFormation describes it; None if it does not exist."""
    try:
        found: dict[str, Any] = aws.cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in error.response["Error"].get("Message", ""):
            return None
        raise
    return found


def refuse_unready(name: str, status: str) -> None:
    """Raises AwsError if the stack cannot be updated in its present state."""
    if status.endswith("_IN_PROGRESS"):
        raise AwsError(f"the stack {name} is being changed ({status}); wait until that is finished")
    if status == "UPDATE_ROLLBACK_FAILED":
        command = f"aws cloudformation continue-update-rollback --stack-name {name}"
        raise AwsError(
            f"the stack {name} could not be rolled back after a failed update ({status}); run '{command}' first"
        )


def is_current(aws: Aws, stack: Stack, current: Mapping[str, Any]) -> bool:
    """Whether the stack already has the desired template, parameters and tags."""
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in current.get("Parameters", [])}
    body = aws.cloudformation.get_template(StackName=stack.name)["TemplateBody"]
    tags = {each["Key"]: each["Value"] for each in current.get("Tags", [])}
    return bool(parameters == stack.parameters and tags == stack.tags and body == stack.template.body)


def create(aws: Aws, stack: Stack) -> None:
    """Creates a stack and waits for it."""
    stack_id = aws.cloudformation.create_stack(**arguments(aws, stack))["StackId"]
    wait(aws, stack_id, "stack_create_complete")


def arguments(aws: Aws, stack: Stack) -> dict[str, Any]:
    """Arguments of CreateStack and CreateChangeSet. Uploads a template that only S3 can hand over."""
    return {
        "StackName": stack.name,
        **template_argument(aws, stack),
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in stack.parameters.items()],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        **({"Tags": tag_list(stack.tags)} if stack.tags else {}),
    }


def template_argument(aws: Aws, stack: Stack) -> dict[str, str]:
    """The template, or its address in the stack's bucket, where it has a name of its own for each content."""
    content = stack.template.body.encode()
    if len(content) <= LARGEST_BODY or not stack.bucket:
        return {"TemplateBody": stack.template.body}
    key = f"{TEMPLATES}{hashlib.sha256(content).hexdigest()[:16]}.yaml"
    aws.s3.put_object(Bucket=stack.bucket, Key=key, Body=content)
    region = aws.s3.meta.region_name
    return {"TemplateURL": f"https://{stack.bucket}.s3.{region}.{partition_of(region).dns_suffix}/{key}"}


def delete(aws: Aws, name: str) -> bool:
    """Deletes a stack and waits for it; returns whether the stack existed."""
    current = describe(aws, name)
    if current is None:
        return False
    aws.cloudformation.delete_stack(StackName=name)
    wait(aws, current["StackId"], "stack_delete_complete")
    return True


def wait(aws: Aws, stack_id: str, waiter: str) -> None:
    """Waits for a change to finish.

    Raises:
        AwsError: the change failed; the message has the reason for each resource.
    """
    try:
        aws.cloudformation.get_waiter(waiter).wait(StackName=stack_id, WaiterConfig=WAIT)
    except WaiterError as error:
        name = stack_id.split("/")[1] if "/" in stack_id else stack_id
        reasons = "".join(f"\n  {reason}" for reason in failures(aws, stack_id))
        raise AwsError(f"the stack {name} failed:{reasons or f' {error}'}") from error


def failures(aws: Aws, stack_id: str) -> list[str]:
    """The reasons why the latest change of a stack failed, oldest first."""
    return [
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {event['ResourceStatusReason']}"
        for event in reversed(list(latest_events(aws, stack_id)))
        if event["ResourceStatus"].endswith("_FAILED")
        and "cancelled" not in event.get("ResourceStatusReason", "cancelled")
    ]


def latest_events(aws: Aws, stack_id: str) -> Iterator[dict[str, Any]]:
    """The events of the latest change, newest first, back to the request that started it."""
    for page in aws.cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack_id):
        for event in page["StackEvents"]:
            yield event
            if event.get("ResourceStatusReason") == "User Initiated":
                return


def skipped(aws: Aws, stack: Stack) -> tuple[str, ...]:
    """Resource types of the template that the endpoint did not create, as `AWS::Type` or `AWS::Type (3)`.

    AWS creates every resource or fails. Other endpoints silently leave out the types they do not support.
    """
    pages = aws.cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack.name)
    made = {each["LogicalResourceId"] for page in pages for each in page["StackResourceSummaries"]}
    missing = Counter(kind for name, kind in stack.template.resources.items() if name not in made)
    return tuple(kind if count == 1 else f"{kind} ({count})" for kind, count in sorted(missing.items()))
