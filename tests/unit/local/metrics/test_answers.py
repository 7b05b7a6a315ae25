"""What PutMetricData keeps, and what it refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.cloudwatch.exceptions import InvalidParameterValue
from moto.cloudwatch.models import CloudWatchBackend

from local.metrics import answers
from local.metrics.series import Metric, Metrics

METRIC = Metric("123456789012/eu-west-1", "Bakery", "Scones")


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def put(metrics: Metrics, *data: dict[str, Any]) -> None:
    backend = CloudWatchBackend("eu-west-1", "123456789012")
    answers.put(metrics, backend, "Bakery", [{"MetricName": "Scones", **each} for each in data])


def read(metrics: Metrics, *statistics: str) -> list[float | None]:
    ((_, values),) = metrics.within(METRIC, 0, datetime.now(UTC).timestamp() + 1)
    return [values.statistic(name) for name in statistics]


def test_a_value_counts_once_and_values_count_as_often_as_they_say(metrics: Metrics) -> None:
    moment = datetime.now(UTC)
    put(metrics, {"Value": 4.0, "Timestamp": moment})
    put(metrics, {"Values": [1.0, 2.0, 9.0], "Counts": [1, 3, 0], "Timestamp": moment})
    assert read(metrics, "Sum", "SampleCount", "Maximum", "p50") == [11, 5, 4, 2]


def test_sums_are_kept_as_they_are(metrics: Metrics) -> None:
    put(metrics, {"StatisticValues": {"SampleCount": 4, "Sum": 20, "Minimum": 2, "Maximum": 9}})
    assert read(metrics, "Average", "Minimum", "Maximum", "p50") == [5, 2, 9, None]


@pytest.mark.parametrize(
    "datum",
    [
        {"Values": [1.0], "Counts": [0]},
        {"Values": [1.0], "Counts": [-1]},
        {"StatisticValues": {"SampleCount": 0, "Sum": 0, "Minimum": 0, "Maximum": 0}},
    ],
)
def test_nothing_is_kept_of_no_values(metrics: Metrics, datum: dict[str, Any]) -> None:
    put(metrics, datum)
    assert metrics.metrics() == []


@pytest.mark.parametrize("distance", [timedelta(weeks=-2, seconds=-9), timedelta(hours=2, seconds=9)])
def test_a_time_far_from_now_is_refused_and_nothing_is_kept(metrics: Metrics, distance: timedelta) -> None:
    with pytest.raises(InvalidParameterValue, match=r"MetricData\.member\.2\.Timestamp"):
        put(metrics, {"Value": 1.0}, {"Value": 1.0, "Timestamp": datetime.now(UTC) + distance})
    assert metrics.metrics() == []


def test_a_metric_of_one_unit_has_that_unit(metrics: Metrics) -> None:
    put(metrics, {"Value": 1.0, "Unit": "Count"})
    assert metrics.unit(METRIC) == "Count"
    put(metrics, {"Value": 1.0})
    assert metrics.unit(METRIC) == ""
