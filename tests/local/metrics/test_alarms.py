"""CloudWatch of a running local AWS: metrics that are put, alarms that look at them, and whom they tell."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws
from tests.local.support import ACCOUNT, REGION, Wait, client

NAMESPACE = "Bakery"
ALARM: dict[str, Any] = {
    "Namespace": NAMESPACE,
    "MetricName": "BurntScones",
    "Dimensions": [{"Name": "Oven", "Value": "left"}],
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 3,
    "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    "TreatMissingData": "notBreaching",
}


@pytest.fixture(scope="module")
def cloudwatch(aws: LocalAws) -> Any:
    return client(aws, "cloudwatch")


def described(cloudwatch: Any, name: str) -> dict[str, Any]:
    (found,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return dict(found)


def put(cloudwatch: Any, value: float, oven: str = "left", **more: str) -> None:
    dimensions = [{"Name": name, "Value": each} for name, each in {"Oven": oven, **more}.items()]
    datum = {"MetricName": "BurntScones", "Dimensions": dimensions, "Value": value}
    cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=[datum])


def test_an_alarm_goes_off_and_tells_topic_and_bus(
    aws: LocalAws, cloudwatch: Any, sqs: Any, queue: tuple[str, str], receive: Callable[[], dict[str, Any]], wait: Wait
) -> None:
    topic = client(aws, "sns").create_topic(Name="burnt")["TopicArn"]
    client(aws, "sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue[1])
    events = client(aws, "events")
    events.put_rule(Name="burnt", EventPattern=json.dumps({"source": ["aws.cloudwatch"]}))
    events.put_targets(Rule="burnt", Targets=[{"Id": "queue", "Arn": queue[1]}])
    cloudwatch.put_metric_alarm(AlarmName="burnt", AlarmActions=[topic], AlarmDescription="too hot", **ALARM)
    for _ in range(3):
        put(cloudwatch, 1)
    fired = wait(lambda: described(cloudwatch, "burnt"), "StateValue", "ALARM")
    assert "greater than or equal to the threshold (3.0)" in fired["StateReason"]
    told = [json.loads(receive()["Body"]), json.loads(receive()["Body"])]
    (message,) = [json.loads(each["Message"]) for each in told if "Message" in each]
    (event,) = [each for each in told if "detail" in each]
    assert (message["AlarmName"], message["NewStateValue"]) == ("burnt", "ALARM")
    assert message["Region"] == "EU (Ireland)"
    assert message["Trigger"]["Dimensions"] == [{"value": "left", "name": "Oven"}]
    assert event["detail-type"] == "CloudWatch Alarm State Change"
    assert event["resources"] == [f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:burnt"]
    assert event["detail"]["state"]["value"] == "ALARM"
    events.remove_targets(Rule="burnt", Ids=["queue"])
    events.delete_rule(Name="burnt")


def test_an_alarm_without_data_is_as_it_was_made(cloudwatch: Any) -> None:
    cloudwatch.put_metric_alarm(AlarmName="new", **{**ALARM, "MetricName": "Unknown", "TreatMissingData": "missing"})
    made = described(cloudwatch, "new")
    assert (made["StateValue"], made["StateReason"]) == ("INSUFFICIENT_DATA", "Unchecked: Initial alarm creation")


def test_a_state_that_is_set_stays_for_a_while_and_a_changed_alarm_keeps_it(cloudwatch: Any) -> None:
    cloudwatch.put_metric_alarm(AlarmName="tried", **{**ALARM, "MetricName": "Tried"})
    cloudwatch.set_alarm_state(AlarmName="tried", StateValue="ALARM", StateReason="a drill")
    cloudwatch.put_metric_alarm(AlarmName="tried", **{**ALARM, "MetricName": "Tried", "Threshold": 9})
    found = described(cloudwatch, "tried")
    assert (found["StateValue"], found["StateReason"], found["Threshold"]) == ("ALARM", "a drill", 9)
    cloudwatch.delete_alarms(AlarmNames=["tried"])
    assert cloudwatch.describe_alarms(AlarmNames=["tried"])["MetricAlarms"] == []


def test_metrics_are_found_by_exactly_their_dimensions(cloudwatch: Any) -> None:
    for value in (10, 20, 30):
        put(cloudwatch, value, oven="right")
    put(cloudwatch, 1000, oven="right", Rack="top")
    asked = {
        "Namespace": NAMESPACE,
        "MetricName": "BurntScones",
        "Dimensions": [{"Name": "Oven", "Value": "right"}],
    }
    end = datetime.now(UTC) + timedelta(seconds=1)
    times = {"StartTime": end - timedelta(minutes=10), "EndTime": end}
    found = cloudwatch.get_metric_statistics(
        **asked, **times, Period=3600, Statistics=["Sum", "SampleCount"], ExtendedStatistics=["p50"]
    )
    (point,) = found["Datapoints"]
    assert (point["Sum"], point["SampleCount"], point["ExtendedStatistics"]) == (60, 3, {"p50": 20})
    query = {"Id": "m", "MetricStat": {"Metric": asked, "Period": 3600, "Stat": "Maximum"}}
    (result,) = cloudwatch.get_metric_data(MetricDataQueries=[query], **times)["MetricDataResults"]
    assert result["Values"] == [30]
    listed = cloudwatch.list_metrics(Namespace=NAMESPACE, Dimensions=[{"Name": "Rack"}])["Metrics"]
    assert [each["MetricName"] for each in listed] == ["BurntScones"]


def test_what_is_not_computed_is_refused(cloudwatch: Any) -> None:
    with pytest.raises(ClientError, match="tell SNS topics only"):
        cloudwatch.put_metric_alarm(AlarmName="other", AlarmActions=["arn:aws:automate:eu-west-1:ec2:stop"], **ALARM)
    with pytest.raises(ClientError, match="does not act upon Metrics of PutMetricAlarm"):
        cloudwatch.put_metric_alarm(
            AlarmName="sums",
            EvaluationPeriods=1,
            ComparisonOperator="GreaterThanThreshold",
            Metrics=[{"Id": "e", "Expression": "1+1"}],
        )
