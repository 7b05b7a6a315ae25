"""EventBridge: events that SageMaker publishes reach the Lambda functions that rules name."""

import json
import time
import uuid
from threading import Thread
from typing import Any

from local.context import Context, now
from local.errors import ServiceError
from local.functions import FunctionService

RETRIES = 2
# What a target may say about the event it gets; the event is delivered as it is.
TRANSFORMATIONS = ("Input", "InputPath", "InputTransformer")


class EventService:
    """Matches events with the rules in moto's EventBridge, where CloudFormation puts them, too."""

    def __init__(self, context: Context, functions: FunctionService) -> None:
        self._context = context
        self._functions = functions

    def publish(self, detail_type: str, resource: str, detail: dict[str, Any]) -> None:
        """Send an event of the source aws.sagemaker to the targets of all matching rules of the default bus."""
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": detail_type,
            "source": "aws.sagemaker",
            "account": self._context.account,
            "time": now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": self._context.region,
            "resources": [resource],
            "detail": detail,
        }
        for rule in self._rules():
            if rule.state == "ENABLED" and rule.event_pattern.get_pattern() and rule.event_pattern.matches_event(event):
                for target in list(rule.targets):
                    Thread(target=self._deliver, args=(rule.name, target, event), daemon=True).start()

    def _rules(self) -> list[Any]:
        from moto.backends import get_backend

        backend = get_backend("events")[self._context.account][self._context.region]
        return list(backend.event_buses["default"].rules.values())

    def _deliver(self, rule: str, target: dict[str, Any], event: dict[str, Any]) -> None:
        arn = target["Arn"]
        if ":lambda:" not in arn:
            self._context.say(
                f"event rule {rule}: not delivered to {arn}: the local AWS delivers to Lambda functions only"
            )
            return
        if used := [key for key in TRANSFORMATIONS if target.get(key)]:
            self._context.say(
                f"event rule {rule}: not delivered to {arn}: the local AWS does not know {used[0]} of a target"
            )
            return
        self._context.say(f"event rule {rule}: {event['detail-type']} to {arn.rpartition(':')[2]}")
        payload = json.dumps(event).encode()
        for attempt in range(RETRIES + 1):
            time.sleep(attempt)
            try:
                if not self._functions.invoke(arn, payload).error:
                    return
            except ServiceError as error:
                self._context.say(f"event rule {rule}: {arn}: {error.message}")
        self._context.say(f"event rule {rule}: given up on {arn} after {RETRIES + 1} attempts")
