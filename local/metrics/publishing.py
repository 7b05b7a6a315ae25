"""Takes what services measure of themselves into CloudWatch, and says of which metrics nothing will ever come."""

from local.metrics.distributions import of_values
from local.metrics.series import Metric, Metrics, dimensions
from local.runtime.context import Clock
from local.runtime.measured import Measure, Measured

# What the services of AWS publish here by themselves. A test compares it with what they do.
PUBLISHED: dict[str, tuple[str, ...]] = {
    "AWS/Events": (
        *("MatchedEvents", "TriggeredRules", "Invocations", "FailedInvocations"),
        *("InvocationsSentToDlq", "InvocationsFailedToBeSentToDlq"),
    ),
    "AWS/Lambda": (
        *("Invocations", "Errors", "Duration", "Throttles"),
        *("AsyncEventsReceived", "AsyncEventsDropped", "DeadLetterErrors", "DestinationDeliveryFailures"),
    ),
    "AWS/S3": ("BucketSizeBytes", "NumberOfObjects"),
    "AWS/SageMaker": (
        *("Invocations", "InvocationsPerInstance", "Invocation4XXErrors", "Invocation5XXErrors"),
        *("ModelLatency", "OverheadLatency"),
    ),
    "AWS/SQS": (
        *("ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesNotVisible"),
        *("ApproximateNumberOfMessagesDelayed", "ApproximateAgeOfOldestMessage"),
    ),
    "AWS/States": (
        *("ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"),
        "ExecutionTime",
    ),
}
OF_AWS = ("AWS/", "/aws/")  # how the namespaces of its services begin; others are filled by PutMetricData


def publisher(metrics: Metrics, place: str, clock: Clock) -> Measure:
    """What services call with each value; `place` is their account and region."""

    def measure(given: Measured) -> None:
        metric = Metric(place, given.namespace, given.name, dimensions(given.dimensions))
        metrics.put(metric, given.moment or clock().timestamp(), of_values({given.value: 1}), given.unit)

    return measure


def is_measured(namespace: str, name: str) -> bool:
    """Whether a metric may get values here."""
    return not namespace.startswith(OF_AWS) or name in PUBLISHED.get(namespace, ())
