"""The properties of a template's alarm are what PutMetricAlarm takes."""

from local.metrics.checks import complaint
from local.stacks.alarms import members

PROPERTIES = {
    "Namespace": "Bakery",
    "MetricName": "BurntScones",
    "Statistic": "Sum",
    "Period": "300",
    "EvaluationPeriods": 1,
    "Threshold": "2.5",
    "ComparisonOperator": "GreaterThanThreshold",
    "ActionsEnabled": "false",
    "AlarmActions": ["arn:aws:sns:eu-west-1:1:topic"],
}


def test_numbers_may_be_texts() -> None:
    found = members(PROPERTIES)
    assert (found["period"], found["threshold"], found["actions_enabled"]) == (300, 2.5, False)
    assert (found["alarm_actions"], found["ok_actions"]) == (PROPERTIES["AlarmActions"], [])
    assert complaint(found) == ""


def test_what_is_not_there_is_none() -> None:
    found = members({})
    assert found["threshold"] is found["datapoints_to_alarm"] is found["unit"] is None
    assert found["actions_enabled"] is True
    assert complaint(found) == "Namespace must not be null"
