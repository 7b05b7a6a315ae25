"""Delivers a payload to a function, a queue, a topic, a pipeline or a state machine by calling its API."""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import ClientError

from local.iam.resource_policies import require_grant
from local.protocol.errors import ServiceError
from local.protocol.json_types import Json, Record
from local.runtime.context import Context

# For the service in a target's ARN: the call to make, given a client, the ARN, the payload and more members.
KINDS: dict[str, Callable[[Json, str, str, Record], Json]] = {
    "lambda": lambda client, arn, text, more: client.invoke(
        FunctionName=arn, InvocationType="Event", Payload=text, **more
    ),
    "sqs": lambda client, url, text, more: client.send_message(QueueUrl=url, MessageBody=text, **more),
    "sns": lambda client, arn, text, more: client.publish(TopicArn=arn, Message=text, **more),
    "sagemaker": lambda client, arn, _, more: client.start_pipeline_execution(PipelineName=arn, **more),
    "states": lambda client, arn, text, more: client.start_execution(stateMachineArn=arn, input=text, **more),
}
CLIENTS = {"states": "stepfunctions"}


@dataclass(frozen=True)
class Sender:
    """The sender of a payload.

    `principal` is a service such as events.amazonaws.com, `source` the ARN of the resource for which it sends. It acts
    as `role`, or without one needs the permission of the target's policy.
    """

    context: Context
    principal: str
    source: str
    role: str = ""


def kind_of(arn: str) -> str:
    """The service in an ARN; empty if the text is not an ARN."""
    return f"{arn}:::".split(":")[2]


def send(sender: Sender, arn: str, text: str, more: Record | None = None) -> None:
    """Sends a payload; `more` are further members of the call. Raises ClientError, or ServiceError if it is denied."""
    context, kind = sender.context, kind_of(arn)
    if not sender.role:
        require_grant(context, sender.principal, arn, sender.source)
    client = context.client(CLIENTS.get(kind, kind), sender.role, sender.principal, sender.source)
    KINDS[kind](client, context.queue_url(arn) if kind == "sqs" else arn, text, more or {})


def send_last(sender: Sender, arn: str, text: str, attributes: dict[str, tuple[str, str]]) -> bool:
    """Sends a payload that could not be delivered to a queue or topic; whether it was sent. If not, that is logged.

    `attributes` maps names to type and value.
    """
    typed = {name: {"DataType": kind, "StringValue": value} for name, (kind, value) in attributes.items()}
    try:
        send(sender, arn, text, {"MessageAttributes": typed} if typed else {})
    except (ClientError, ServiceError) as error:
        sender.context.say(f"cannot send to {arn}: {error}")
        return False
    return True
