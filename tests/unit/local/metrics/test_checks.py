"""Alarms that are refused."""

from typing import Any

import pytest

from local.metrics.checks import complaint

ALARM: dict[str, Any] = {
    "namespace": "Bakery",
    "metric_name": "BurntScones",
    "period": 60,
    "evaluation_periods": 2,
    "threshold": 0.0,
    "comparison_operator": "GreaterThanThreshold",
    "statistic": "Sum",
    "extended_statistic": None,
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""),
        ({"period": 10, "datapoints_to_alarm": 2}, ""),
        ({"statistic": None, "extended_statistic": "p99"}, ""),
        ({"period": 3600, "evaluation_periods": 168}, ""),
        ({"namespace": None}, "Namespace must not be null"),
        ({"period": None}, "Period must not be null"),
        ({"threshold": None}, "Threshold must not be null"),
        ({"statistic": None}, "Exactly one of Statistic and ExtendedStatistic"),
        ({"extended_statistic": "p99"}, "Exactly one of Statistic and ExtendedStatistic"),
        ({"statistic": None, "extended_statistic": "tm90"}, "does not compute the statistic tm90"),
        ({"comparison_operator": "GreaterThanUpperThreshold"}, "does not compute GreaterThanUpperThreshold"),
        ({"period": 45}, "Period must be 10, 20, 30 or a multiple of 60"),
        ({"period": 90}, "Period must be 10, 20, 30 or a multiple of 60"),
        ({"datapoints_to_alarm": 3}, "DatapointsToAlarm must be less than or equal"),
        ({"period": 60, "evaluation_periods": 1441}, "must be at most a day"),
        ({"period": 3600, "evaluation_periods": 169}, "a week if Period is an hour"),
        ({"metric_data_queries": [{"Id": "e"}]}, "on one metric only"),
        ({"rule": "ALARM(a)"}, "on one metric only"),
    ],
)
def test_complaints(change: dict[str, Any], expected: str) -> None:
    found = complaint({**ALARM, **change})
    assert expected in found
    assert bool(found) == bool(expected)
