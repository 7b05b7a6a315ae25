"""Makes AWS::CloudWatch::Alarm of templates, which moto's CloudFormation skips. Its CloudWatch keeps the alarms."""

import functools
from typing import Any, Self

from local.protocol.json_types import Json, Record
from local.stacks.resources import Resource, add_to_moto

TYPE = "AWS::CloudWatch::Alarm"


class Alarm(Resource):
    """An alarm as a resource of a stack, with the methods by which moto's CloudFormation makes, changes and deletes it.

    It has the alarm's name only: the alarm itself is in CloudWatch, where anybody may change its state.
    """

    attribute = "Arn"

    def __init__(self, name: str, arn: str) -> None:
        self.physical_resource_id = name
        self.arn = arn

    def get_cfn_attribute(self, _: str) -> str:
        """The value of the attribute Arn."""
        return self.arn

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Record, account_id: str, region_name: str, **_: object
    ) -> Self:
        """Makes the alarm. `resource_name` is its name if the template gives none."""
        properties = cloudformation_json["Properties"]
        name = str(properties.get("AlarmName", resource_name))
        made = _backend(account_id, region_name).put_metric_alarm(name=name, **members(properties))
        return cls(name, made.alarm_arn)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Self,
        new_resource_name: str,  # noqa: ARG003 - an alarm without a name in the template keeps the one it got
        cloudformation_json: Record,
        account_id: str,
        region_name: str,
    ) -> Self:
        """Changes the alarm, which keeps its state; with another name it is another alarm."""
        before = original_resource.physical_resource_id
        changed = cls.create_from_cloudformation_json(before, cloudformation_json, account_id, region_name)
        if changed.physical_resource_id != before:
            original_resource.delete(account_id, region_name)
        return changed

    def delete(self, account_id: str, region_name: str) -> None:
        """Deletes the alarm, unless it is gone."""
        _backend(account_id, region_name).delete_alarms([self.physical_resource_id])


def members(properties: Record) -> Record:
    """What moto's PutMetricAlarm takes, made of a template's properties, in which numbers may be texts."""
    return {
        **{name: properties.get(member) for name, member in TEXTS.items()},
        **{name: _number(int, properties.get(member)) for name, member in COUNTS.items()},
        **{name: properties.get(member, []) for name, member in LISTS.items()},
        "description": properties.get("AlarmDescription"),
        "threshold": _number(float, properties.get("Threshold")),
        "actions_enabled": str(properties.get("ActionsEnabled", True)).lower() == "true",
    }


def computed(properties: Record) -> Record:
    """The properties from which the alarm's state is computed. They may be references, whose values come later."""
    names = (*TEXTS.values(), *COUNTS.values(), "Threshold")
    return {name: properties[name] for name in names if name in properties}


# moto's names for the properties of an alarm.
TEXTS = {
    "namespace": "Namespace",
    "metric_name": "MetricName",
    "comparison_operator": "ComparisonOperator",
    "statistic": "Statistic",
    "extended_statistic": "ExtendedStatistic",
    "unit": "Unit",
    "treat_missing_data": "TreatMissingData",
    "evaluate_low_sample_count_percentile": "EvaluateLowSampleCountPercentile",
}
COUNTS = {"evaluation_periods": "EvaluationPeriods", "datapoints_to_alarm": "DatapointsToAlarm", "period": "Period"}
LISTS = {
    "dimensions": "Dimensions",
    "alarm_actions": "AlarmActions",
    "ok_actions": "OKActions",
    "insufficient_data_actions": "InsufficientDataActions",
    "tags": "Tags",
}


def _number(kind: type[int] | type[float], value: Json) -> float | None:
    """A number of a template; None if it has none there."""
    return None if value is None else kind(value)


def _backend(account: str, region: str) -> Any:
    from moto.cloudwatch.models import cloudwatch_backends

    return cloudwatch_backends[account][region]


@functools.cache
def mend() -> None:
    """Lets moto's CloudFormation make alarms."""
    add_to_moto({TYPE: Alarm})
