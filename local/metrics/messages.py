"""What CloudWatch tells of an alarm whose state changed: an event for EventBridge and a message for SNS. Pure.

Sources: "Alarm events and EventBridge" in AWS's user guide, and notifications of real alarms.
"""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local.protocol.json_types import Record


@dataclass(frozen=True)
class State:
    """A state of an alarm, why, and since when. `data` is JSON for programs."""

    value: str
    reason: str
    data: str
    since: datetime


def detail(alarm: Any, before: State, after: State) -> Record:
    """The detail of the event "CloudWatch Alarm State Change" of one of moto's alarms."""
    metric = {
        "dimensions": {each.name: each.value for each in alarm.dimensions},
        "name": alarm.metric_name,
        "namespace": alarm.namespace,
    }
    stat = {"metric": metric, "period": alarm.period, "stat": statistic(alarm)}
    configuration: Record = {"metrics": [{"id": str(uuid.uuid4()), "metricStat": stat, "returnData": True}]}
    if alarm.description:
        configuration["description"] = alarm.description
    return {
        "alarmName": alarm.name,
        "configuration": configuration,
        "previousState": _told(before),
        "state": _told(after),
    }


def subject(alarm: Any, after: State, region: str) -> str:
    """The subject of a message, with the region's name for people; SNS takes 100 characters."""
    return f'{after.value}: "{alarm.name}" in {region}'[:100]


def message(alarm: Any, before: State, after: State, account: str, region: str) -> str:
    """The JSON of a message, with the region's name for people."""
    trigger: Record = {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        **_statistic(alarm),
        "Unit": alarm.unit,
        "Dimensions": [{"value": each.value, "name": each.name} for each in alarm.dimensions],
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
        **({"DatapointsToAlarm": alarm.datapoints_to_alarm} if alarm.datapoints_to_alarm else {}),
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.treat_missing_data or "missing",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }
    told = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": account,
        "AlarmConfigurationUpdatedTimestamp": time_text(alarm.configuration_updated_timestamp),
        "NewStateValue": after.value,
        "NewStateReason": after.reason,
        "StateChangeTime": time_text(after.since),
        "Region": region,
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before.value,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "Trigger": trigger,
    }
    return json.dumps(told)


def statistic(alarm: Any) -> str:
    """The statistic that an alarm looks at."""
    return str(alarm.statistic or alarm.extended_statistic)


def _statistic(alarm: Any) -> Record:
    if alarm.statistic:
        return {"StatisticType": "Statistic", "Statistic": alarm.statistic.upper()}
    return {"StatisticType": "ExtendedStatistic", "ExtendedStatistic": alarm.extended_statistic}


def _told(state: State) -> Record:
    return {
        "reason": state.reason,
        "reasonData": state.data,
        "timestamp": time_text(state.since),
        "value": state.value,
    }


def time_text(moment: datetime) -> str:
    """A time as CloudWatch writes it in messages: 2026-01-02T03:04:05.678+0000."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"
