"""Delivers events to the targets of rules: prepares the input, retries, and uses the dead-letter queue."""

import json
import time
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.events.delivery import KINDS, Sender, kind_of, send, send_last
from local.events.measurements import of_rule
from local.events.transformers import at_path, transformed
from local.protocol.errors import DefinitionError, ServiceError, ValidationError
from local.protocol.json_types import Json, Record
from local.runtime.context import Context
from local.runtime.measured import Measure

RETRIES = 3  # AWS retries for a day; a target's RetryPolicy may ask for fewer
PRINCIPAL = "events.amazonaws.com"


class Targets:
    """Delivers by calling the target's API, with the credentials of the target's role if it has one."""

    def __init__(self, context: Context, measure: Measure) -> None:
        self._context = context
        self._measure = measure

    def deliver(self, rule: str, target: Record, event: Record) -> None:
        """Delivers an event. Retries when the service fails; gives up after that, or at once for other errors.

        An event that is given up goes to the dead-letter queue, if the target has one.
        """
        allowed = min(RETRIES, target.get("RetryPolicy", {}).get("MaximumRetryAttempts", RETRIES))
        sender = Sender(self._context, PRINCIPAL, rule, target.get("RoleArn", ""))
        for attempt in range(allowed + 1):
            time.sleep(attempt)
            try:
                refuse_target(target)
                send(sender, target["Arn"], target_input(target, event, rule), _parameters(target))
            except (ClientError, BotoCoreError, ServiceError, DefinitionError) as error:
                code, status = _code(error)
                self._say(rule, f"{target['Arn']}: {error}")
                if status < 500 and status != 429:
                    break
            else:
                self._say(rule, f"{event['detail-type']} to {target['Arn'].rpartition(':')[2]}")
                self._count(rule, "Invocations")
                return
        self._say(rule, f"gave up on {target['Arn']} after {attempt + 1} attempts")
        self._count(rule, "Invocations", "FailedInvocations")
        if queue := target.get("DeadLetterConfig", {}).get("Arn"):
            about = {
                "RULE_ARN": rule,
                "TARGET_ARN": target["Arn"],
                "RETRY_ATTEMPTS": str(attempt),
                "ERROR_CODE": code,
                "ERROR_MESSAGE": f"gave up after {attempt + 1} attempts",
            }
            attributes = {name: ("String", value) for name, value in about.items()}
            sent = send_last(Sender(self._context, PRINCIPAL, rule), queue, json.dumps(event), attributes)
            self._count(rule, "InvocationsSentToDlq" if sent else "InvocationsFailedToBeSentToDlq")

    def _count(self, rule: str, *names: str) -> None:
        for name in names:
            self._measure(of_rule(rule, name))

    def _say(self, rule: str, text: str) -> None:
        self._context.say(f"event rule {rule.rpartition('/')[2]}: {text}")


def target_input(target: Record, event: Record, rule: str = "") -> str:
    """The JSON that a target receives: made by its Input, InputPath or InputTransformer, or else the event itself."""
    if target.get("Input"):
        return str(target["Input"])
    if path := target.get("InputPath"):
        found = at_path(event, path)
        if not found:
            raise DefinitionError(f"The event has nothing at the InputPath {path}")
        return json.dumps(found if "*" in path else found[0])
    if transformer := target.get("InputTransformer"):
        return transformed(transformer, event, rule)
    return json.dumps(event)


def refuse_target(target: Record) -> None:
    """Raises ValidationError for a target to which the local AWS cannot deliver."""
    if kind_of(target["Arn"]) not in KINDS:
        raise ValidationError(f"The local AWS delivers events to {', '.join(KINDS)}, not to {target['Arn']}")


def _parameters(target: Record) -> Record:
    """Further members of the call that a target asks for."""
    given = target.get("SageMakerPipelineParameters", {})
    parameters = {"PipelineParameters": given["PipelineParameterList"]} if given.get("PipelineParameterList") else {}
    return {**target.get("SqsParameters", {}), **parameters}


def _code(error: Any) -> tuple[str, int]:  # noqa: ANN401
    if isinstance(error, ClientError):
        response: Json = error.response
        return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]
    if isinstance(error, ServiceError):
        return error.code, error.status
    return type(error).__name__, 400 if isinstance(error, DefinitionError) else 503
