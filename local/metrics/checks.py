"""Refuses alarms that CloudWatch would refuse, or that cannot be computed here; moto takes any. Pure.

Source: the description of PutMetricAlarm in CloudWatch's API reference.
"""

from collections.abc import Iterator

from local.metrics.distributions import is_statistic
from local.metrics.evaluation import COMPARE
from local.protocol.json_types import Record

# What an alarm on one metric needs: moto's names, and those of the members.
NEEDED = {
    "namespace": "Namespace",
    "metric_name": "MetricName",
    "period": "Period",
    "evaluation_periods": "EvaluationPeriods",
    "threshold": "Threshold",
    "comparison_operator": "ComparisonOperator",
}
SHORT_PERIODS = (10, 20, 30)
HOUR, DAY, WEEK = 3600, 86_400, 604_800


def complaint(alarm: Record) -> str:
    """What is wrong with the members of PutMetricAlarm, by moto's names for them; empty if nothing is."""
    if alarm.get("metric_data_queries") or alarm.get("rule"):
        return "The local AWS computes alarms on one metric only, without Metrics and AlarmRule"
    if missing := [member for name, member in NEEDED.items() if alarm.get(name) is None]:
        return f"{missing[0]} must not be null"
    return next(_wrong(alarm), "")


def _wrong(alarm: Record) -> Iterator[str]:
    period, periods = int(alarm["period"]), int(alarm["evaluation_periods"])
    statistics = [alarm[name] for name in ("statistic", "extended_statistic") if alarm.get(name)]
    if len(statistics) != 1:
        yield "Exactly one of Statistic and ExtendedStatistic is needed"
    elif not is_statistic(statistics[0]):
        yield f"The local AWS does not compute the statistic {statistics[0]}"
    if alarm["comparison_operator"] not in COMPARE:
        yield f"The local AWS does not compute {alarm['comparison_operator']}"
    if period not in SHORT_PERIODS and (period < 60 or period % 60):
        yield "Period must be 10, 20, 30 or a multiple of 60"
    if int(alarm.get("datapoints_to_alarm") or 0) > periods:
        yield "DatapointsToAlarm must be less than or equal to EvaluationPeriods"
    if period * periods > (WEEK if period >= HOUR else DAY):
        yield "Period times EvaluationPeriods must be at most a day; a week if Period is an hour or more"
