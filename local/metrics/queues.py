"""The depths of queues: how many messages wait in moto's SQS, and for how long, when somebody looks at metrics.

Names and meanings are those of "Available CloudWatch metrics for Amazon SQS" in AWS's developer guide. The age leaves
out a message that was received three times: on AWS, too, such a message does not count.
"""

from collections.abc import Iterator
from typing import Any

from local.runtime.context import Clock, Context
from local.runtime.measured import Measure, Measured

NAMESPACE = "AWS/SQS"
LEAST_SECONDS = 1.0  # between two looks, however many ask
EVERY_SECONDS = 60.0  # after which a value is published though it is the same, as AWS does
TRIED = 3  # times received; from then on, a message's age does not count
MILLISECONDS = 1000


class QueueDepths:
    """Looks at the queues of this account and region, at most once a second, and publishes what has changed."""

    def __init__(self, measure: Measure, clock: Clock, context: Context) -> None:
        self._measure = measure
        self._clock = clock
        self._context = context
        self._looked = 0.0
        self._published: dict[tuple[str, str], tuple[float, float]] = {}  # by queue and metric: when, and which value

    def sample(self) -> None:
        """Publishes the depths of all queues as they are now."""
        now = self._clock().timestamp()
        if abs(now - self._looked) < LEAST_SECONDS:
            return
        self._looked = now
        queues = self._queues()
        for queue in queues:
            for name, value, unit in depths(queue, now):
                key = (queue.name, name)
                since, before = self._published.get(key, (0.0, -1.0))
                if value != before or now - since >= EVERY_SECONDS:
                    self._published[key] = (now, value)
                    self._measure(Measured(NAMESPACE, name, value, {"QueueName": queue.name}, unit))
        names = {queue.name for queue in queues}
        self._published = {key: value for key, value in self._published.items() if key[0] in names}

    def _queues(self) -> list[Any]:
        from moto.backends import get_backend

        regions = get_backend("sqs")[self._context.account]
        return list(regions[self._context.region].queues.values())


def depths(queue: Any, now: float) -> Iterator[tuple[str, float, str]]:
    """The names, values and units of one of moto's queues at a time in seconds since 1970.

    A message that the queue has kept for too long is gone, though moto still has it.
    """
    moment = now * MILLISECONDS
    oldest = moment - queue.message_retention_period * MILLISECONDS
    kept = [each for each in list(queue._messages) if each.sent_timestamp > oldest]
    delayed = sum(each.delayed_until > moment for each in kept)
    received = sum(each.visible_at > moment for each in kept)
    waiting = [each.sent_timestamp for each in kept if each.approximate_receive_count < TRIED]
    yield "ApproximateNumberOfMessagesVisible", len(kept) - delayed - received, "Count"
    yield "ApproximateNumberOfMessagesNotVisible", received, "Count"
    yield "ApproximateNumberOfMessagesDelayed", delayed, "Count"
    yield "ApproximateAgeOfOldestMessage", max(0.0, (moment - min(waiting, default=moment)) // MILLISECONDS), "Seconds"
