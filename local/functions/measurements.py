"""The metrics of functions, with the names, units and dimensions of "Types of metrics for Lambda functions" on AWS."""

from collections.abc import Iterator

from local.runtime.measured import Measured

NAMESPACE = "AWS/Lambda"


def of_invocation(function: str, milliseconds: float, *, error: bool, began: float) -> Iterator[Measured]:
    """The values of one run of a function, which count for the time at which it `began` (seconds since 1970)."""
    for name, value, unit in (
        ("Invocations", 1.0, "Count"),
        ("Errors", float(error), "Count"),
        ("Duration", milliseconds, "Milliseconds"),
        ("Throttles", 0.0, "Count"),
    ):
        yield from _of_function(function, name, value, unit, began)


def of_event(function: str, name: str) -> Iterator[Measured]:
    """One occurrence of what a metric counts: Throttles, AsyncEventsReceived, AsyncEventsDropped, DeadLetterErrors."""
    yield from _of_function(function, name, 1.0, "Count", 0.0)


def _of_function(function: str, name: str, value: float, unit: str, moment: float) -> Iterator[Measured]:
    """A value for the function, and for all functions together."""
    for dimensions in ({"FunctionName": function}, {}):
        yield Measured(NAMESPACE, name, value, dimensions, unit, moment)
