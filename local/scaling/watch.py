"""Looks at the alarms of all targets every few seconds, and changes numbers of instances as target tracking wants."""

from collections.abc import Mapping

from local.metrics.alarms import Alarms
from local.metrics.distributions import of_values
from local.metrics.evaluation import ALARM
from local.metrics.series import Metric, Metrics, dimensions
from local.metrics.windows import until
from local.protocol.errors import LocalAwsError
from local.protocol.json_types import Record
from local.runtime.context import Clock, Context, now
from local.runtime.periodic import Periodic
from local.scaling.alarms import LOW_PERIODS, METRIC
from local.scaling.service import ScalingService, Variants
from local.scaling.targets import BY_POLICY, IN_PROGRESS, MINUTE, SUCCESSFUL, Policy, Target
from local.scaling.tracking import Reading, wanted

SPEED_VARIABLE = "LOCAL_AWS_SCALING_SPEED"
SPEEDS = ("1", "2", "3", "6")  # a minute lasts 60, 30, 20 or 10 seconds; CloudWatch knows no shorter periods
EVERY_SECONDS = 5.0
ZERO = of_values({0.0: 1})


def alarm_period(environment: Mapping[str, str]) -> int:
    """The seconds that a minute of target tracking lasts, by LOCAL_AWS_SCALING_SPEED. Raises LocalAwsError."""
    text = environment.get(SPEED_VARIABLE) or "1"
    if text not in SPEEDS:
        raise LocalAwsError(f"{SPEED_VARIABLE} is '{text}'; expected one of {', '.join(SPEEDS)}")
    return MINUTE // int(text)


class Watch:
    """Scales all targets, from `start` to `close`."""

    def __init__(
        self,
        context: Context,
        metrics: Metrics,
        alarms: Alarms,
        variants: Variants,
        service: ScalingService,
        clock: Clock = now,
    ) -> None:
        self._place = f"{context.account}/{context.region}"
        self._metrics = metrics
        self._alarms = alarms
        self._variants = variants
        self._service = service
        self._clock = clock
        self._looking = Periodic("scaling", self.look, EVERY_SECONDS)

    def start(self) -> None:
        """Begins to look every few seconds."""
        self._looking.start()

    def close(self) -> None:
        """Scales nothing any more."""
        self._looking.close()

    def look(self) -> None:
        """Looks at all targets once. A change of an endpoint blocks the scaling of its variants."""
        with self._service.lock:
            self._service.forget_what_is_gone()
            for target in list(self._service.targets.values()):
                found = self._variants.variant(target.endpoint, target.variant)
                if found and found["EndpointStatus"] == "InService":
                    self._look_at(target, found)

    def _look_at(self, target: Target, variant: Record) -> None:
        count: int = variant["DesiredInstanceCount"]
        # SageMaker tells of no requests, too: otherwise nothing would show that instances are not needed.
        self._metrics.put(self._metric(target), self._clock().timestamp(), ZERO)
        self._end_activities(target, count)
        if (policy := self._service.policies.get(target.resource)) is None:
            return
        past = [each for each in self._service.activities if each.resource == target.resource and each.scales]
        reading = self._read(target, policy)
        after = wanted(count, target, policy, reading, past, self._clock())
        if after != count:
            alarm = policy.high if after > count else policy.low
            cause = f"{BY_POLICY}{alarm} in state ALARM triggered policy {policy.name}"
            self._service.resize(target, count, after, cause)

    def _end_activities(self, target: Target, count: int) -> None:
        """Notes the end of activities, as the endpoint is in service; somebody else may have set another number."""
        for activity in self._service.activities:
            if activity.resource == target.resource and activity.status == IN_PROGRESS:
                done = "Change successfully fulfilled by sagemaker."
                if count == activity.after:
                    text = f"Successfully set desired instance count to {count}. {done}"
                    self._service.end(activity, SUCCESSFUL, text)
                else:
                    self._service.end(activity, "Overridden", f"The desired instance count is {count} by now.")

    def _read(self, target: Target, policy: Policy) -> Reading:
        end, period = int(self._clock().timestamp()) + 1, policy.period
        found = self._metrics.within(self._metric(target), end - LOW_PERIODS * period, end)
        sums = [each.total * policy.speed if each else 0.0 for each in until(found, end, period, LOW_PERIODS)]
        high, low = (self._alarms.state(name) == ALARM for name in (policy.high, policy.low))
        return Reading(high=high, low=low, newest=sums[-1], most=max(sums))

    def _metric(self, target: Target) -> Metric:
        variant = {"EndpointName": target.endpoint, "VariantName": target.variant}
        return Metric(self._place, "AWS/SageMaker", METRIC, dimensions(variant))
