"""The metrics of endpoints in CloudWatch, made of what their requests took and how they ended.

Names, units and dimensions are those of "SageMaker endpoint invocation metrics" in AWS's developer guide; the dimension
EndpointConfigName is that of its page on deployment guardrails.
"""

import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from local.metrics.distributions import of_values
from local.metrics.series import Metric, Metrics, dimensions

NAMESPACE = "AWS/SageMaker"
EVERY_SECONDS = 2.0
MOST_WAITING = 200_000  # requests that were not counted yet; of more, the oldest are not counted
MICROSECONDS = 1e6
LATENCIES = ("ModelLatency", "OverheadLatency")
COUNTS = ("Invocations", "InvocationsPerInstance", "Invocation4XXErrors", "Invocation5XXErrors")


@dataclass(frozen=True)
class Served:
    """The fleet and variant that answered a request."""

    endpoint: str
    variant: str
    config: str


@dataclass(frozen=True)
class Measurement:
    """One request: the status of the model's answer, and the seconds that it took in all and in the model.

    `instances` is how many the variant had.
    """

    served: Served
    status: int
    seconds: float
    in_model: float
    moment: float = field(default_factory=time.time)
    instances: int = 1


class Measurements:
    """Counts requests. To note one takes no lock; they are counted every two seconds, and before anybody reads."""

    def __init__(self, metrics: Metrics, place: str) -> None:
        self._metrics = metrics
        self._place = place
        self._waiting: deque[Measurement] = deque(maxlen=MOST_WAITING)
        self._counted = time.monotonic()
        metrics.fed_by(self.count)

    def note(self, measurement: Measurement) -> None:
        """Notes a request that was answered."""
        self._waiting.append(measurement)
        if time.monotonic() - self._counted > EVERY_SECONDS:
            self.count()

    def count(self) -> None:
        """Puts all that was noted so far into the metrics."""
        self._counted = time.monotonic()
        for (served, second), values in summed(_taken(self._waiting)).items():
            for metric in metrics_of(served, self._place):
                name = metric.name
                unit = "Microseconds" if name in LATENCIES else "None"
                self._metrics.put(metric, second, of_values(values[name]), unit)


def summed(found: Iterable[Measurement]) -> dict[tuple[Served, int], dict[str, Counter[float]]]:
    """How often each value of each metric occurred, by what served the requests, and by second."""
    groups: defaultdict[tuple[Served, int], defaultdict[str, Counter[float]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for each in found:
        group = groups[each.served, int(each.moment)]
        for name, value in values_of(each).items():
            group[name][value] += 1
    return {key: dict(group) for key, group in groups.items()}


def values_of(measurement: Measurement) -> dict[str, float]:
    """The value of each metric for one request."""
    return {
        "Invocations": 1,
        "InvocationsPerInstance": 1 / measurement.instances,
        "Invocation4XXErrors": int(400 <= measurement.status < 500),
        "Invocation5XXErrors": int(measurement.status >= 500),
        "ModelLatency": round(measurement.in_model * MICROSECONDS),
        "OverheadLatency": round((measurement.seconds - measurement.in_model) * MICROSECONDS),
    }


def metrics_of(served: Served, place: str) -> Iterator[Metric]:
    """The metrics in which a request counts: those of the variant, and those of the variant with one configuration."""
    variant = {"EndpointName": served.endpoint, "VariantName": served.variant}
    for given in (variant, {**variant, "EndpointConfigName": served.config}):
        for name in (*COUNTS, *LATENCIES):
            yield Metric(place, NAMESPACE, name, dimensions(given))


def _taken(waiting: "deque[Measurement]") -> Iterator[Measurement]:
    """Takes what waits, also if others take or add at the same time."""
    while waiting:
        try:
            yield waiting.popleft()
        except IndexError:
            return
