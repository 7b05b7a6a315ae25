"""Alarms of a template ring for the reason for which they would ring on AWS, and tell their topic."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws
from tests.local.support import ACCOUNT, REGION, ROLE, Hear, Wait, client

STACK = "alarms"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:of-alarms"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:failing"
SOURCE = """
    def handler(event, _):
        if event.get("burn"):
            raise ValueError("burnt")
        return event
"""
# A machine that fails, and a rule whose target does not exist.
FAILING: dict[str, Any] = {
    "Machine": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "StateMachineName": "failing",
            "RoleArn": ROLE,
            "DefinitionString": json.dumps({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "Burnt"}}}),
        },
    },
    "Rule": {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "Name": "lost",
            "EventPattern": {"source": ["bakery"]},
            "Targets": [{"Id": "1", "Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:nobody"}],
        },
    },
    "Letters": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "of-dead-letters"}},
}


def alarm(name: str, metric: str, dimension: str, value: Any, **more: Any) -> dict[str, Any]:
    """An alarm that rings for one occurrence."""
    namespace, metric = metric.rsplit("/", 1)
    properties = {
        "AlarmName": name,
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{"Name": dimension, "Value": value}],
        "Statistic": "Maximum",
        "Period": "60",
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": [{"Ref": "Topic"}],
        **more,
    }
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}


def template(threshold: str = "1") -> dict[str, Any]:
    """The minimum of Errors is that of the best run: after one that succeeds, the alarm is over at once."""
    function = alarm(
        "burns",
        "AWS/Lambda/Errors",
        "FunctionName",
        "bake",
        Statistic="Minimum",
        Threshold=threshold,
        OKActions=[{"Ref": "Topic"}],
    )
    return {
        "Resources": {
            **FAILING,
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "of-alarms"}},
            "Burns": function,
            "Fails": alarm("fails", "AWS/States/ExecutionsFailed", "StateMachineArn", {"Ref": "Machine"}),
            "Lost": alarm("lost", "AWS/Events/FailedInvocations", "RuleName", {"Ref": "Rule"}),
            "Left": alarm(
                "left",
                "AWS/SQS/ApproximateNumberOfMessagesVisible",
                "QueueName",
                {"Fn::GetAtt": ["Letters", "QueueName"]},
            ),
            "Blind": alarm("blind", "AWS/EC2/CPUUtilization", "InstanceId", "i-1"),
        },
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Burns", "Arn"]}}},
    }


@pytest.fixture(scope="module")
def stacks(aws: LocalAws) -> Iterator[Any]:
    """A client, after the stack was made and before it is deleted."""
    made = client(aws, "cloudformation")
    made.create_stack(StackName=STACK, TemplateBody=json.dumps(template()))
    yield made
    made.delete_stack(StackName=STACK)
    alarms = client(aws, "cloudwatch").describe_alarms(AlarmNames=["burns", "fails", "lost", "left", "blind"])
    assert alarms["MetricAlarms"] == []


@pytest.fixture(scope="module")
def state(aws: LocalAws, stacks: Any) -> Callable[[str], dict[str, Any]]:
    """`state(name)`: describe an alarm."""
    cloudwatch = client(aws, "cloudwatch")
    return lambda name: dict(cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0])


def test_a_function_that_fails_rings_and_one_that_works_again_ends_it(
    aws: LocalAws,
    stacks: Any,
    state: Callable[[str], dict[str, Any]],
    functions: Any,
    create_function: Callable[..., str],
    queue: tuple[str, str],
    receive: Callable[[], dict[str, Any]],
    sqs: Any,
    wait: Wait,
) -> None:
    create_function("bake", SOURCE)
    client(aws, "sns").subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=queue[1])
    functions.invoke(FunctionName="bake", Payload=b'{"burn": true}')
    wait(lambda: state("burns"), "StateValue", "ALARM")
    told = receive_told(receive, sqs, queue[0], "ALARM")
    assert (told["AlarmName"], told["AlarmActions"]) == ("burns", [TOPIC])
    assert told["Trigger"]["Dimensions"] == [{"value": "bake", "name": "FunctionName"}]
    # A changed alarm keeps its state until it is looked at.
    stacks.update_stack(StackName=STACK, TemplateBody=json.dumps(template("0.5")))
    assert (state("burns")["Threshold"], state("burns")["StateValue"]) == (0.5, "ALARM")
    functions.invoke(FunctionName="bake", Payload=b"{}")
    wait(lambda: state("burns"), "StateValue", "OK")
    told = receive_told(receive, sqs, queue[0], "OK")
    assert "was not greater than or equal to the threshold (0.5)" in told["NewStateReason"]


def receive_told(receive: Callable[[], dict[str, Any]], sqs: Any, url: str, value: str) -> dict[str, Any]:
    """The topic's next message that tells of a state. A new alarm becomes OK at some time, which is told as well."""
    while True:
        message = receive()
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        told: dict[str, Any] = json.loads(json.loads(message["Body"])["Message"])
        if told["NewStateValue"] == value:
            return told


def test_executions_deliveries_and_dead_letters_ring(
    aws: LocalAws, state: Callable[[str], dict[str, Any]], sqs: Any, wait: Wait
) -> None:
    client(aws, "stepfunctions").start_execution(stateMachineArn=MACHINE)
    client(aws, "events").put_events(Entries=[{"Source": "bakery", "DetailType": "T", "Detail": "{}"}])
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="of-dead-letters")["QueueUrl"], MessageBody="late")
    for name in ("fails", "lost", "left"):
        assert "[1.0 (" in wait(lambda name=name: state(name), "StateValue", "ALARM")["StateReason"]


def test_an_alarm_that_can_never_ring_is_named(stacks: Any, hear: Hear) -> None:
    hear("alarm blind: the local AWS does not measure AWS/EC2 CPUUtilization, which stays without data")


def test_outputs_have_the_arn(stacks: Any) -> None:
    [found] = stacks.describe_stacks(StackName=STACK)["Stacks"][0]["Outputs"]
    assert found["OutputValue"] == f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:burns"


def test_what_cannot_be_computed_is_refused_with_the_name_of_the_resource(stacks: Any) -> None:
    other = {"Resources": {"Wild": alarm("wild", "AWS/Lambda/Errors", "FunctionName", "f", AlarmActions=["arn:aws:x"])}}
    with pytest.raises(ClientError, match=r"tell SNS topics only, not arn:aws:x \(AlarmActions\) \(resource Wild\)"):
        stacks.create_stack(StackName="wild", TemplateBody=json.dumps(other))
    short = {"Resources": {"Short": alarm("short", "AWS/Lambda/Errors", "FunctionName", "f", Period=45)}}
    with pytest.raises(ClientError, match="Period must be 10, 20, 30 or a multiple of 60"):
        stacks.create_stack(StackName="short", TemplateBody=json.dumps(short))
