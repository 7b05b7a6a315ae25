"""Puts our metrics and the computed states of alarms in the place of moto's.

moto: a metric with more dimensions than asked for counts as well; periods begin at the first value, and there are no
percentiles; what is put is kept for ever; a new alarm is OK, and stays as it is; a dashboard was changed at the
machine's local time, taken for UTC. CloudWatch: as here.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from local.metrics import answers
from local.metrics.alarms import NEW_SECONDS, SET_SECONDS, Alarms, state_of
from local.metrics.checks import complaint
from local.metrics.evaluation import INSUFFICIENT
from local.metrics.series import Metrics
from local.states.mending import replace, wrap

STATE = ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history")


def mend(metrics: Metrics, alarms: Alarms) -> None:
    """Lets moto's CloudWatch keep metrics in `metrics`, and tell `alarms` of what is set."""
    from moto.cloudwatch import models, responses

    backend = models.CloudWatchBackend
    replace(backend, "put_metric_data", _with(metrics, answers.put))
    replace(backend, "get_metric_data", _with(metrics, answers.metric_data))
    replace(backend, "get_all_metrics", _with(metrics, answers.all_metrics))
    replace(responses.CloudWatchResponse, "get_metric_statistics", _with(metrics, answers.metric_statistics))
    wrap(backend, "put_metric_alarm", partial(_put_alarm, alarms))
    wrap(backend, "set_alarm_state", partial(_set_state, alarms))
    wrap(models.Dashboard, "__init__", _make_dashboard)


def _make_dashboard(make: Callable[..., None], dashboard: Any, *given: Any, **named: Any) -> None:
    make(dashboard, *given, **named)
    dashboard.last_modified = datetime.now(UTC)


def _with(metrics: Metrics, function: Callable[..., Any]) -> Callable[..., Any]:
    """A method that calls a function with the metrics as first argument."""

    def method(self: Any, *given: Any, **named: Any) -> Any:
        return function(metrics, self, *given, **named)

    return method


def _put_alarm(alarms: Alarms, put: Callable[..., Any], backend: Any, **named: Any) -> Any:
    """Makes an alarm, which knows nothing yet, or changes one, which keeps its state."""
    from moto.cloudwatch.exceptions import ValidationError

    if text := complaint(named):
        raise ValidationError(text)
    before = backend.alarms.get(named["name"])
    alarm = put(backend, **named)
    if before:
        for name in STATE:
            setattr(alarm, name, getattr(before, name))
    else:
        alarm.state_value = INSUFFICIENT
    alarms.hold(alarm, NEW_SECONDS)
    alarms.check(alarm)
    return alarm


def _set_state(
    alarms: Alarms, set_state: Callable[..., None], backend: Any, alarm_name: str, *given: Any, **named: Any
) -> None:
    alarm = backend.alarms.get(alarm_name)
    before = state_of(alarm) if alarm else None
    set_state(backend, alarm_name, *given, **named)
    if alarm and before:
        alarms.hold(alarm, SET_SECONDS)
        alarms.tell(alarm, before)
