"""Computes the states of alarms from their metrics, and tells EventBridge and SNS when one changes."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Lock, Thread
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.events.bus import EventService
from local.events.delivery import Sender, kind_of, send
from local.metrics import evaluation, messages
from local.metrics.checks import complaint
from local.metrics.messages import State
from local.metrics.publishing import is_measured
from local.metrics.regions import region_name
from local.metrics.series import Metric, Metrics, dimensions
from local.metrics.windows import until
from local.protocol.errors import ServiceError
from local.runtime.context import Clock, Context, now
from local.runtime.periodic import Periodic

EVERY_SECONDS = 10.0  # AWS looks once a minute
NEW_SECONDS = 1.0  # for which a new alarm has the state that it was made with
SET_SECONDS = 10.0  # for which the state stays that SetAlarmState has set; on AWS until the alarm is looked at next
HISTORY = 100  # changes that are kept of an alarm
PRINCIPAL = "cloudwatch.amazonaws.com"


class Alarms:
    """The alarms that moto keeps. They are looked at every ten seconds, and whenever somebody asks for them."""

    def __init__(self, context: Context, metrics: Metrics, events: EventService, clock: Clock = now) -> None:
        self._context = context
        self._metrics = metrics
        self._events = events
        self._clock = clock
        self._held: dict[str, float] = {}  # by ARN, the time until which a state stays
        self._lock = Lock()
        self._watching = Periodic("looking at alarms", self._watch, EVERY_SECONDS)
        self._watching.start()

    def close(self) -> None:
        """Looks at no alarm any more."""
        self._watching.close()

    def state(self, name: str) -> str | None:
        """The present state of an alarm of this account and region; None if there is no such alarm."""
        for place, alarm in self._all():
            if alarm.name == name and place == f"{self._context.account}/{self._context.region}":
                self._look(place, alarm)
                return str(alarm.state_value)
        return None

    def make(self, definition: dict[str, Any]) -> None:
        """Makes an alarm of this account and region, or changes it; `definition` has moto's names of the members."""
        self._own().put_metric_alarm(**definition)

    def remove(self, names: list[str]) -> None:
        """Deletes alarms of this account and region."""
        self._own().delete_alarms([name for name in names if name in self._own().alarms])

    def evaluate(self) -> None:
        """Brings the states of all alarms up to date."""
        for place, alarm in self._all():
            self._look(place, alarm)

    def hold(self, alarm: Any, seconds: float) -> None:
        """Leaves the state of an alarm as it is for a time."""
        self._held[alarm.alarm_arn] = self._clock().timestamp() + seconds

    def check(self, alarm: Any) -> None:
        """Says so if nothing that happens here can make an alarm ring."""
        if not is_measured(alarm.namespace, alarm.metric_name):
            metric = f"{alarm.namespace} {alarm.metric_name}"
            self._context.say(f"alarm {alarm.name}: the local AWS does not measure {metric}, which stays without data")

    def tell(self, alarm: Any, before: State) -> None:
        """Tells of an alarm's state, if another value was there before."""
        after = state_of(alarm)
        del alarm.history[:-HISTORY]
        if after.value == before.value:
            return
        self._context.say(f"alarm {alarm.name}: {before.value} -> {after.value}: {after.reason}")
        detail = messages.detail(alarm, before, after)
        self._events.publish("CloudWatch Alarm State Change", [alarm.alarm_arn], detail, "aws.cloudwatch")
        if alarm.actions_enabled:
            Thread(target=self._act, args=(alarm, before, after), daemon=True).start()

    def _own(self) -> Any:
        from moto.backends import get_backend

        backends: Any = get_backend("cloudwatch")
        return backends[self._context.account][self._context.region]

    def _all(self) -> Iterator[tuple[str, Any]]:
        from moto.backends import get_backend

        backends: Any = get_backend("cloudwatch")
        for account, regions in list(backends.items()):
            for region, backend in list(regions.items()):
                yield from ((f"{account}/{region}", alarm) for alarm in list(backend.alarms.values()))

    def _watch(self) -> None:
        self._metrics.collect()  # though no alarm may look at anything
        self.evaluate()

    def _look(self, place: str, alarm: Any) -> None:
        rule, moment = rule_of(alarm), self._clock().timestamp()
        if rule is None or self._held.get(alarm.alarm_arn, 0) > moment:
            return
        metric = Metric(
            place, alarm.namespace, alarm.metric_name, dimensions({each.name: each.value for each in alarm.dimensions})
        )
        period, end = int(alarm.period), int(moment) + 1
        found = self._metrics.within(metric, end - rule.range * period, end, alarm.unit or "")
        statistic = messages.statistic(alarm)
        points = [each.statistic(statistic) if each else None for each in until(found, end, period, rule.range)]
        starts = [datetime.fromtimestamp(end - back * period, UTC) for back in range(rule.range, 0, -1)]
        with self._lock:
            self._set(alarm, rule, points, starts)

    def _set(self, alarm: Any, rule: evaluation.Rule, points: list[float | None], starts: list[datetime]) -> None:
        before = state_of(alarm)
        new = evaluation.state(points, rule, before.value)
        if new == before.value:
            return
        timed = [(value, f"{start:%d/%m/%y %H:%M:%S}") for value, start in zip(points, starts, strict=True)]
        data = {
            "version": "1.0",
            "queryDate": messages.time_text(self._clock()),
            "startDate": messages.time_text(starts[-rule.periods]),
            "statistic": messages.statistic(alarm),
            "period": int(alarm.period),
            "recentDatapoints": [value for value in points[-rule.periods :] if value is not None],
            "threshold": float(alarm.threshold),
        }
        text = evaluation.reason(timed, rule, before.value, new)
        alarm.update_state(text, json.dumps(data), new)
        self.tell(alarm, before)

    def _act(self, alarm: Any, before: State, after: State) -> None:
        actions = {
            evaluation.OK: alarm.ok_actions,
            evaluation.ALARM: alarm.alarm_actions,
            evaluation.INSUFFICIENT: alarm.insufficient_data_actions,
        }
        context = self._context
        region = region_name(context.region)
        text = messages.message(alarm, before, after, context.account, region)
        sender = Sender(context, PRINCIPAL, alarm.alarm_arn)
        # Requests with other actions are refused; moto's own alarms for automatic scaling have some.
        for topic in (arn for arn in actions[after.value] if kind_of(arn) == "sns"):
            try:
                send(sender, topic, text, {"Subject": messages.subject(alarm, after, region)})
            except (ClientError, BotoCoreError, ServiceError) as error:
                context.say(f"alarm {alarm.name} cannot tell {topic}: {error}")


def state_of(alarm: Any) -> State:
    """The state of one of moto's alarms."""
    since = alarm.state_updated_timestamp
    return State(alarm.state_value, alarm.state_reason, alarm.state_reason_data or "{}", since)


def rule_of(alarm: Any) -> evaluation.Rule | None:
    """When one of moto's alarms goes off; None if that is not computed here."""
    if complaint(vars(alarm)):  # it was made before alarms were checked
        return None
    periods = int(alarm.evaluation_periods)
    return evaluation.Rule(
        alarm.comparison_operator,
        float(alarm.threshold),
        periods,
        int(alarm.datapoints_to_alarm or periods),
        alarm.treat_missing_data or evaluation.MISSING,
    )
