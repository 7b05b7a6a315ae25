"""An account in which a variant is scaled, with a clock that tests turn."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from moto.backends import get_backend

from local.events.bus import EventService
from local.metrics.alarms import Alarms
from local.metrics.distributions import of_values
from local.metrics.evaluation import ALARM
from local.metrics.series import Metric, Metrics, dimensions
from local.protocol.errors import ValidationError
from local.protocol.json_types import Record
from local.runtime.context import Context
from local.scaling.service import ScalingService
from local.scaling.watch import Watch

RESOURCE = "endpoint/e/variant/AllTraffic"
KEY = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": RESOURCE,
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
POLICY = {
    "PolicyName": "p",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {
        "TargetValue": 100.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
    },
}


class Endpoint:
    """An endpoint of one variant; it may be changing."""

    def __init__(self) -> None:
        self.count = 1
        self.status = "InService"
        self.there = True

    def variant(self, endpoint: str, name: str) -> Record | None:
        found = {"DesiredInstanceCount": self.count, "EndpointStatus": self.status, "InstanceType": "ml.m5.large"}
        return found if self.there and (endpoint, name) == ("e", "AllTraffic") else None

    def resize(self, endpoint: str, variant: str, count: int) -> None:  # noqa: ARG002
        if self.status != "InService":
            raise ValidationError("Cannot update in-progress endpoint")
        self.count = count


class World:
    """Application Auto Scaling with CloudWatch of its own, an endpoint with requests, and a clock that is turned."""

    def __init__(self, folder: Path, period: int = 60) -> None:
        self.step = period / 3  # seconds
        self.time = datetime(2026, 11, 30, 12, tzinfo=UTC)
        self.context = Context(folder, "eu-west-1", 1)
        self.metrics = Metrics()
        self.events = EventService(self.context, self.clock)
        self.alarms = Alarms(self.context, self.metrics, self.events, self.clock)
        self.endpoint = Endpoint()
        self.service = ScalingService(self.context, self.alarms, self.endpoint, period, self.clock)
        self.watch = Watch(self.context, self.metrics, self.alarms, self.endpoint, self.service, self.clock)

    def clock(self) -> datetime:
        return self.time

    def do(self, operation: str, **more: Any) -> Record:
        named = {"ResourceIds": [RESOURCE]} if operation == "DescribeScalableTargets" else {}
        given = {key: value for key, value in KEY.items() if not named or key != "ResourceId"}
        return self.service.answer(operation, {**given, **named, **more})

    def scale(self, least: int = 1, most: int = 4) -> None:
        self.do("RegisterScalableTarget", MinCapacity=least, MaxCapacity=most)
        self.do("PutScalingPolicy", **POLICY)

    def count_invocations(self, invocations: float, seconds_ago: int = 0) -> None:
        """Puts so many invocations of each instance into the metric that is tracked."""
        names = dimensions({"EndpointName": "e", "VariantName": "AllTraffic"})
        metric = Metric(f"{self.context.account}/eu-west-1", "AWS/SageMaker", "InvocationsPerInstance", names)
        self.metrics.put(metric, self.time.timestamp() - seconds_ago, of_values({invocations: 1}))

    def ring(self, alarm: str) -> None:
        """Sets the state of an alarm by hand, for a minute."""
        backends: Any = get_backend("cloudwatch")
        found = backends[self.context.account][self.context.region].alarms[alarm]
        found.state_value = ALARM
        self.alarms.hold(found, 60)

    def pass_minutes(self, minutes: float, invocations: float = 0) -> list[int]:
        """Lets time pass with so many invocations a minute; how many instances there were, change by change."""
        counts = [self.endpoint.count]
        for _ in range(int(minutes * 60 / self.step)):
            self.time += timedelta(seconds=self.step)
            if invocations:
                self.count_invocations(invocations * self.step / 60 / self.endpoint.count)
            self.watch.look()
            if self.endpoint.count != counts[-1]:
                counts.append(self.endpoint.count)
        return counts
