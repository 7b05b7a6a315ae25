"""What an EventBridge rule does with an event: input made for the target, delivery, retries, dead-letter queue."""

import json
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.context import Context
from local.definition import walk
from local.errors import DefinitionError, ServiceError, ValidationError
from local.json_types import Json, Record

RETRIES = 3  # AWS goes on for a day; a target's RetryPolicy may ask for fewer
PRINCIPAL = "events.amazonaws.com"
KNOWN = {
    "Id",
    "Arn",
    "RoleArn",
    "Input",
    "InputPath",
    "InputTransformer",
    "RetryPolicy",
    "DeadLetterConfig",
    "SqsParameters",
    "SageMakerPipelineParameters",
}


class Targets:
    """Delivers by calling the target's own API, with the credentials of the target's role if it has one."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def deliver(self, rule: str, target: Record, event: Record) -> None:
        """Deliver, again after a fault of the service; what cannot be delivered goes to the dead-letter queue."""
        allowed = min(RETRIES, target.get("RetryPolicy", {}).get("MaximumRetryAttempts", RETRIES))
        for attempt in range(allowed + 1):
            time.sleep(attempt)
            try:
                refuse_target(target)
                KINDS[_service(target)](self._context, target, target_input(target, event))
            except (ClientError, BotoCoreError, ServiceError, DefinitionError) as error:
                code, status = _code(error)
                self._say(rule, f"{target['Arn']}: {error}")
                if status < 500 and status != 429:
                    break
            else:
                self._say(rule, f"{event['detail-type']} to {target['Arn'].rpartition(':')[2]}")
                return
        self._say(rule, f"given up on {target['Arn']} after {attempt + 1} attempts")
        if queue := target.get("DeadLetterConfig", {}).get("Arn"):
            reason = {"ERROR_CODE": code, "ERROR_MESSAGE": f"given up after {attempt + 1} attempts"}
            about = {"RULE_ARN": rule, "TARGET_ARN": target["Arn"], "RETRY_ATTEMPTS": str(attempt)}
            send(self._context, queue, json.dumps(event), **about, **reason)

    def _say(self, rule: str, text: str) -> None:
        self._context.say(f"event rule {rule.rpartition('/')[2]}: {text}")


def target_input(target: Record, event: Record) -> str:
    """The JSON that a target gets for an event: its Input, InputPath or InputTransformer, else the event."""
    from moto.events.utils import EventTemplateParser

    if target.get("Input"):
        return str(target["Input"])
    if path := target.get("InputPath"):
        return json.dumps(walk(event, path.removeprefix("$").lstrip("."), path))
    if transformer := target.get("InputTransformer"):
        stamped: Json = {**event, "ingestion-time": event["time"]}
        made = EventTemplateParser.parse(transformer["InputTemplate"], transformer.get("InputPathsMap", {}), stamped)
        return json.dumps(made)
    return json.dumps(event)


def refuse_target(target: Record) -> None:
    """Raise ValidationError for a target that events cannot be delivered to here."""
    if _service(target) not in KINDS:
        raise ValidationError(f"The local AWS delivers events to {', '.join(KINDS)}, not to {target.get('Arn')}")
    if unknown := sorted(target.keys() - KNOWN):
        raise ValidationError(f"The local AWS does not know {unknown[0]} of a target")


def send(context: Context, queue: str, body: str, **attributes: str) -> None:
    """Put a message into a queue, by ARN; says so if that fails."""
    url = f"{context.endpoint_url}/{context.account}/{queue.rpartition(':')[2]}"
    typed = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    try:
        context.client("sqs").send_message(QueueUrl=url, MessageBody=body, MessageAttributes=typed)
    except ClientError as error:
        context.say(f"dead-letter queue {queue}: {error}")


def _lambda(context: Context, target: Record, text: str) -> None:
    context.client("lambda").invoke(FunctionName=target["Arn"], InvocationType="Event", Payload=text)


def _queue(context: Context, target: Record, text: str) -> None:
    url = f"{context.endpoint_url}/{context.account}/{target['Arn'].rpartition(':')[2]}"
    context.client("sqs").send_message(QueueUrl=url, MessageBody=text, **target.get("SqsParameters", {}))


def _topic(context: Context, target: Record, text: str) -> None:
    context.client("sns").publish(TopicArn=target["Arn"], Message=text)


def _pipeline(context: Context, target: Record, _: str) -> None:
    parameters = target.get("SageMakerPipelineParameters", {}).get("PipelineParameterList", [])
    client = context.client("sagemaker", target.get("RoleArn", ""), PRINCIPAL)
    client.start_pipeline_execution(PipelineName=target["Arn"], PipelineParameters=parameters)


def _machine(context: Context, target: Record, text: str) -> None:
    client = context.client("stepfunctions", target.get("RoleArn", ""), PRINCIPAL)
    client.start_execution(stateMachineArn=target["Arn"], input=text)


KINDS: dict[str, Callable[[Context, Record, str], None]] = {
    "lambda": _lambda,
    "sqs": _queue,
    "sns": _topic,
    "sagemaker": _pipeline,
    "states": _machine,
}


def _service(target: Record) -> str:
    return (f"{target.get('Arn', '')}:::".split(":"))[2]


def _code(error: Any) -> tuple[str, int]:  # noqa: ANN401
    if isinstance(error, ClientError):
        response: Json = error.response
        return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]
    if isinstance(error, ServiceError):
        return error.code, error.status
    return type(error).__name__, 400 if isinstance(error, DefinitionError) else 503
