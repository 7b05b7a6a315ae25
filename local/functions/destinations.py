"""Sends the result of an asynchronous invocation to the function's destinations and dead-letter queue."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from local.events.delivery import Sender, send_last
from local.functions.configuration import PRINCIPAL, Function
from local.functions.workers import Result
from local.protocol.json_types import Record
from local.runtime.context import Context, now


@dataclass(frozen=True)
class Outcome:
    """The result of an event's last attempt."""

    function: Function
    payload: bytes
    request_id: str
    result: Result
    attempts: int


def tell(context: Context, config: Record, outcome: Outcome) -> Iterator[str]:
    """Sends an outcome to the destination and the dead-letter target that are configured, as the function's role.

    Yields the names of the metrics in which it counts that something could not be sent, or that an event was dropped.
    """
    function, failed = outcome.function, outcome.result.error
    sender = Sender(context, PRINCIPAL, function.arn, function.role)
    target = config.get("OnFailure" if failed else "OnSuccess", {}).get("Destination")
    if failed:
        yield "AsyncEventsDropped"
    if target and not send_last(sender, target, json.dumps(_record(outcome)), {}):
        yield "DestinationDeliveryFailures"
    if failed and function.dead_letters:
        if not send_last(sender, function.dead_letters, outcome.payload.decode(), _attributes(outcome)):
            yield "DeadLetterErrors"
    elif failed and not target:
        text = f"dropped an event after {outcome.attempts} attempts: there is no destination and no dead-letter queue"
        context.say(f"lambda {function.name}: {text}")


def _record(outcome: Outcome) -> Record:
    """The record for a destination: "Capturing records of Lambda asynchronous invocations" in AWS's developer guide."""
    failure = {"functionError": "Unhandled"} if outcome.result.error else {}
    return {
        "version": "1.0",
        "timestamp": now().isoformat(),
        "requestContext": {
            "requestId": outcome.request_id,
            "functionArn": f"{outcome.function.arn}:$LATEST",
            "condition": "RetriesExhausted" if outcome.result.error else "Success",
            "approximateInvokeCount": outcome.attempts,
        },
        "requestPayload": json.loads(outcome.payload),
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", **failure},
        "responsePayload": json.loads(outcome.result.payload or b"null"),
    }


def _attributes(outcome: Outcome) -> dict[str, tuple[str, str]]:
    """The attributes of a dead letter: "Adding a dead-letter queue" in AWS's developer guide."""
    error = json.loads(outcome.result.payload).get("errorMessage", "")
    return {
        "RequestID": ("String", outcome.request_id),
        "ErrorCode": ("Number", "200"),
        "ErrorMessage": ("String", error[:1024] or "Unknown"),
    }
