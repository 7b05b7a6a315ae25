"""The event bus: delivers events to the targets of matching rules, and fires scheduled rules."""

import json
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Thread
from typing import Any

from local.events.measurements import of_rule
from local.events.pattern_checks import PatternError, check_pattern, read_pattern
from local.events.patterns import matches
from local.events.schedules import schedule
from local.events.targets import Targets
from local.protocol.errors import ValidationError
from local.protocol.json_protocol import check, operation_model, timestamp
from local.protocol.json_types import Record
from local.protocol.times import milliseconds
from local.runtime.context import Clock, Context, now
from local.runtime.measured import Measure, unmeasured
from local.runtime.periodic import Periodic

TICK_SECONDS = 1.0
NEVER = datetime.max.replace(tzinfo=UTC)
IN_EVENTS = ("id", "account", "source", "time", "region", "resources", "detail-type")
REQUIRED = ("Source", "DetailType", "Detail")


class EventService:
    """Matches events with the rules that moto's EventBridge keeps, whether made by calls or by CloudFormation."""

    def __init__(self, context: Context, clock: Clock = now, measure: Measure = unmeasured) -> None:
        """Schedules go by `clock`; the local AWS itself has the real one. `measure` gets the metrics of rules."""
        self._context = context
        self._clock = clock
        self._measure = measure
        self._targets = Targets(context, measure)
        self._due: dict[tuple[str, str], datetime] = {}
        self._schedules = Periodic("firing scheduled rules", lambda: self._fire(self._clock()), TICK_SECONDS)
        self._schedules.start()

    def close(self) -> None:
        """Stops firing schedules."""
        self._schedules.close()

    def publish(self, detail_type: str, resources: list[str], detail: Record, source: str = "aws.sagemaker") -> None:
        """Sends an event of AWS to the default bus. Times in `detail` become milliseconds since 1970."""
        self._context.changed.set()
        plain = json.loads(json.dumps(detail, default=milliseconds))
        self._match("default", self._event(source, detail_type, plain, resources))

    def put_events(self, request: Record) -> Record:
        """Answers PutEvents. An invalid entry gets an error of its own; the others are sent."""
        check(operation_model("events", "PutEvents"), request)
        answers = [self._put(entry) for entry in request["Entries"]]
        return {"FailedEntryCount": sum("ErrorCode" in answer for answer in answers), "Entries": answers}

    def test_pattern(self, request: Record) -> Record:
        """Answers TestEventPattern. Raises ServiceError for a malformed pattern or event."""
        check(operation_model("events", "TestEventPattern"), request)
        try:
            event = json.loads(request["Event"])
        except ValueError as error:
            raise ValidationError(f"Parameter Event is not valid. Reason: it is not JSON: {error}") from error
        if missing := [name for name in IN_EVENTS if not isinstance(event, dict) or name not in event]:
            raise ValidationError(f"Parameter Event is not valid. Reason: {missing[0]} is missing")
        return {"Result": matches(read_pattern(request["EventPattern"]), event)}

    def _put(self, entry: Record) -> Record:
        if missing := [member for member in REQUIRED if not entry.get(member)]:
            text = f"Parameter {missing[0]} is not valid. Reason: {missing[0]} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": text}
        try:
            detail = json.loads(entry["Detail"])
        except ValueError:
            return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
        event = self._event(entry["Source"], entry["DetailType"], detail, entry.get("Resources", []))
        if moment := timestamp(entry.get("Time")):
            event["time"] = _text(moment)
        self._match(entry.get("EventBusName", "default").rpartition("/")[2], event)
        return {"EventId": event["id"]}

    def _event(
        self, source: str, detail_type: str, detail: Record, resources: list[str], moment: datetime | None = None
    ) -> Record:
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": detail_type,
            "source": source,
            "account": self._context.account,
            "time": _text(moment or now()),
            "region": self._context.region,
            "resources": resources,
            "detail": detail,
        }

    def _match(self, bus: str, event: Record) -> None:
        for rule in self._rules(bus):
            pattern = rule.event_pattern.get_pattern()
            if rule.state == "ENABLED" and pattern and self._matches(rule, pattern, event):
                self._measure(of_rule(rule.arn, "MatchedEvents"))
                self._deliver(rule, event)

    def _matches(self, rule: Any, pattern: Record, event: Record) -> bool:  # noqa: ANN401
        """Whether a rule's pattern matches. One that AWS would not have taken, of a template, matches nothing."""
        try:
            check_pattern(pattern)
        except PatternError as error:
            self._context.say(f"event rule {rule.name} matches nothing: {error}")
            return False
        return matches(pattern, event)

    def _deliver(self, rule: Any, event: Record) -> None:  # noqa: ANN401
        self._measure(of_rule(rule.arn, "TriggeredRules"))
        for target in list(rule.targets):
            Thread(target=self._targets.deliver, args=(rule.arn, target, event), daemon=True).start()

    def _rules(self, *buses: str) -> Iterator[Any]:
        if "moto.events.models" not in sys.modules:  # nobody has asked for anything yet, and to import it takes a while
            return
        from moto.backends import get_backend

        backend = get_backend("events")[self._context.account][self._context.region]
        for name, bus in list(backend.event_buses.items()):
            if name in buses:
                yield from list(bus.rules.values())

    def _fire(self, moment: datetime) -> None:
        """Fires all scheduled rules that are due. A rule's first interval starts when it is first seen."""
        found = {
            (rule.arn, rule.scheduled_expression): rule
            for rule in self._rules("default")
            if rule.scheduled_expression and rule.state == "ENABLED"
        }
        self._due = {key: due for key, due in self._due.items() if key in found}
        for key, rule in found.items():
            if key in self._due and self._due[key] <= moment:
                self._context.say(f"event rule {rule.name}: {rule.scheduled_expression} is due")
                self._deliver(rule, self._event("aws.events", "Scheduled Event", {}, [rule.arn], moment))
                del self._due[key]
            if key not in self._due:
                self._due[key] = self._next(rule, moment)

    def _next(self, rule: Any, moment: datetime) -> datetime:  # noqa: ANN401
        """When a rule is due next; NEVER if its schedule is invalid, which CloudFormation does not check."""
        try:
            return schedule(rule.scheduled_expression)(moment) or NEVER
        except ValidationError as error:
            self._context.say(f"event rule {rule.name} will not fire: {error}")
            return NEVER


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
