"""Checks resource policies: whether a service may call a function, or send to a queue or a topic."""

import json

from local.iam.condition_keys import of_service
from local.iam.conditions import listed
from local.iam.policies import admits
from local.protocol.errors import ServiceError
from local.protocol.json_types import Record
from local.runtime.context import Context

ACTIONS = {"lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish"}


def require_grant(context: Context, service: str, arn: str, source: str) -> None:
    """Raises ServiceError AccessDenied if IAM is enforced and the resource's policy does not allow the call.

    `service` is a principal such as events.amazonaws.com, `source` the ARN of the resource for which it calls.
    """
    if not context.enforce_iam:
        return
    kind = arn.split(":")[2]
    if kind not in ACTIONS:
        raise ServiceError("AccessDeniedException", f"A RoleArn is required for the target {arn}", 403)
    if not admits(_statements(context, kind, arn), service, ACTIONS[kind], of_service(context, source)):
        text = f"{service} is not authorized to perform: {ACTIONS[kind]} on resource: {arn} on behalf of {source}"
        context.say(f"iam: denied: {ACTIONS[kind]} on {arn} to {service}")
        raise ServiceError("AccessDeniedException", f"{text}: the resource's policy does not allow it", 403)


def _statements(context: Context, kind: str, arn: str) -> list[Record]:
    """The statements of a resource's policy; empty if it has no policy."""
    client = context.client(kind)
    if kind == "lambda":
        try:
            text = client.get_policy(FunctionName=arn)["Policy"]
        except client.exceptions.ResourceNotFoundException:
            return []
    elif kind == "sqs":
        answer = client.get_queue_attributes(QueueUrl=context.queue_url(arn), AttributeNames=["Policy"])
        text = answer.get("Attributes", {}).get("Policy", "{}")
    else:
        text = client.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"]
    return listed(json.loads(text).get("Statement", []))
