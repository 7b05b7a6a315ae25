"""Times are true where the machine is not in UTC, as the local AWS of these tests is not (`TIME_ZONE`)."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from local.server.embedded import LocalAws
from tests.local.support import BUCKET, ROLE, client

FAR = timedelta(minutes=5)  # much less than any zone is from another
DEFINITION = {
    "StartAt": "A",
    "States": {"A": {"Type": "Pass", "Parameters": {"started.$": "$$.Execution.StartTime"}, "End": True}},
}


def near(moment: datetime) -> bool:
    return abs(moment - datetime.now(UTC)) < FAR


def test_an_execution_and_the_event_of_it_have_true_times(
    aws: LocalAws, queue: tuple[str, str], receive: Callable[[], dict[str, Any]], wait: Any
) -> None:
    states, events = client(aws, "stepfunctions"), client(aws, "events")
    pattern = {"source": ["aws.states"], "detail": {"status": ["SUCCEEDED"], "name": ["in-a-zone"]}}
    events.put_rule(Name="zoned", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="zoned", Targets=[{"Id": "1", "Arn": queue[1]}])
    machine = states.create_state_machine(name="zoned", definition=json.dumps(DEFINITION), roleArn=ROLE)
    started = states.start_execution(stateMachineArn=machine["stateMachineArn"], name="in-a-zone")
    ended = wait(lambda: states.describe_execution(executionArn=started["executionArn"]), "status", "SUCCEEDED")
    assert near(started["startDate"])
    assert near(ended["startDate"])
    assert near(ended["stopDate"])
    assert near(datetime.fromisoformat(json.loads(ended["output"])["started"]))
    told = json.loads(receive()["Body"])
    assert near(datetime.fromisoformat(told["time"]))
    for name in ("startDate", "stopDate"):
        assert near(datetime.fromtimestamp(told["detail"][name] / 1000, UTC)), name


def test_other_services_have_true_times(aws: LocalAws) -> None:
    s3, sqs, cloudwatch = client(aws, "s3"), client(aws, "sqs"), client(aws, "cloudwatch")
    s3.put_object(Bucket=BUCKET, Key="zoned", Body=b"")
    assert near(s3.head_object(Bucket=BUCKET, Key="zoned")["LastModified"])
    url = sqs.create_queue(QueueName="zoned")["QueueUrl"]
    created = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["CreatedTimestamp"])["Attributes"]
    assert near(datetime.fromtimestamp(float(created["CreatedTimestamp"]), UTC))
    role = client(aws, "iam").create_role(RoleName="zoned", AssumeRolePolicyDocument="{}")["Role"]
    assert near(role["CreateDate"])
    expires = client(aws, "sts").assume_role(RoleArn=ROLE, RoleSessionName="zoned", DurationSeconds=900)
    assert near(expires["Credentials"]["Expiration"] - timedelta(seconds=900))
    cloudwatch.put_dashboard(DashboardName="zoned", DashboardBody='{"widgets": []}')
    assert near(cloudwatch.list_dashboards(DashboardNamePrefix="zoned")["DashboardEntries"][0]["LastModified"])
