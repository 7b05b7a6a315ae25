"""A model of CloudWatch's alarms and metrics, and of a topic."""

from dataclasses import dataclass, field
from typing import Any

Params = dict[str, Any]


@dataclass
class Telling:
    """Alarms, of which some are `ringing`, the metrics that were put, and the messages that were `told`."""

    alarms: dict[str, Params] = field(default_factory=dict)
    ringing: set[str] = field(default_factory=set)
    metrics: list[Params] = field(default_factory=list)
    told: list[Params] = field(default_factory=list)

    def _PutMetricAlarm(self, request: Params) -> Params:  # noqa: N802
        self.alarms[request["AlarmName"]] = request
        return {}

    def _DescribeAlarms(self, request: Params) -> Params:  # noqa: N802
        found = [name for name in request["AlarmNames"] if name in self.alarms]
        states = {name: "ALARM" if name in self.ringing else "OK" for name in found}
        alarms = [{"AlarmName": name, "StateValue": states[name], "StateReason": "Threshold Crossed"} for name in found]
        return {"MetricAlarms": alarms}

    def _DeleteAlarms(self, request: Params) -> Params:  # noqa: N802
        for name in request["AlarmNames"]:
            self.alarms.pop(name, None)
        return {}

    def _PutMetricData(self, request: Params) -> Params:  # noqa: N802
        self.metrics.append(request)
        return {}

    def _Publish(self, request: Params) -> Params:  # noqa: N802
        self.told.append(request)
        return {"MessageId": "1"}
