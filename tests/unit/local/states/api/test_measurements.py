"""What an execution's changes say for metrics."""

from datetime import UTC, datetime

import pytest

from local.states.api.measurements import of_change

BEGAN = datetime(2026, 3, 2, 12)  # moto's, which is in UTC  # noqa: DTZ001
ENDED = datetime(2026, 3, 2, 12, 0, 1, 500_000, tzinfo=UTC)
DETAIL = {"stateMachineArn": "arn:machine", "startDate": BEGAN, "stopDate": ENDED}


def test_a_start_counts_and_takes_no_time() -> None:
    [found] = of_change({**DETAIL, "status": "RUNNING", "stopDate": None})
    assert (found.namespace, found.name, found.value) == ("AWS/States", "ExecutionsStarted", 1)
    assert found.dimensions == {"StateMachineArn": "arn:machine"}


@pytest.mark.parametrize(
    ("status", "name"),
    [
        ("SUCCEEDED", "ExecutionsSucceeded"),
        ("FAILED", "ExecutionsFailed"),
        ("TIMED_OUT", "ExecutionsTimedOut"),
        ("ABORTED", "ExecutionsAborted"),
    ],
)
def test_an_end_counts_and_has_taken_milliseconds(status: str, name: str) -> None:
    count, took = of_change({**DETAIL, "status": status})
    assert (count.name, count.value, count.unit) == (name, 1, "Count")
    assert (took.name, took.value, took.unit) == ("ExecutionTime", 1500, "Milliseconds")
