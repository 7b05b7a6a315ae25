"""Who hears of what: rules, topics, and queues of what could not be delivered."""

import json
from datetime import UTC, datetime

import pytest
from aws.templates import Resources, text

from local.events.patterns import matches
from local.events.targets import target_input
from local.sagemaker.pipelines.records import status_change
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names


def test_people_hear_of_monitoring_that_fails(application: Resources, names: Names, settings: Settings) -> None:
    rule = application["PipelineFailsRule"]["Properties"]
    pipelines = [text(each, names, settings) for each in rule["EventPattern"]["detail"]["pipelineArn"]]
    pattern = json.loads(json.dumps(rule["EventPattern"]))
    pattern["detail"]["pipelineArn"] = pipelines
    pipeline = f"arn:aws:sagemaker:{names.region}:{names.account}:pipeline/{names.monitoring_pipeline}"
    [target] = rule["Targets"]
    assert target["Arn"] == {"Ref": "AlarmTopic"}
    for status, told in (("Succeeded", False), ("Executing", False), ("Stopped", True), ("Failed", True)):
        record = {
            "PipelineArn": pipeline,
            "PipelineExecutionArn": f"{pipeline}/execution/abc",
            "PipelineExecutionDisplayName": "x",
            "PipelineExecutionStatus": status,
            "StartTime": datetime(2026, 3, 2, 8, tzinfo=UTC),
        }
        title, resources, detail = status_change(record, "Executing")
        event = {"source": "aws.sagemaker", "detail-type": title, "resources": resources, "detail": detail, "time": ""}
        assert matches(pattern, event) is told
    message = json.loads(target_input(json.loads(json.dumps(target)), event))
    assert message.startswith(f"The pipeline execution {pipeline}/execution/abc ended: Failed. ")


def test_the_topic_of_failures_hears_of_the_workflow_alone(
    application: Resources, names: Names, settings: Settings
) -> None:
    rule = application["WorkflowFailsRule"]["Properties"]
    pattern = json.loads(json.dumps(rule["EventPattern"]))
    pattern["detail"]["stateMachineArn"] = [text(pattern["detail"]["stateMachineArn"][0], names, settings)]
    event = {"source": "aws.states", "detail-type": "Step Functions Execution Status Change"}
    for machine in (names.state_machine_arn, names.deployment_machine_arn):
        for status in ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"):
            told = matches(pattern, {**event, "detail": {"status": status, "stateMachineArn": machine}})
            assert told is (machine == names.state_machine_arn and status not in ("RUNNING", "SUCCEEDED"))
    [target] = rule["Targets"]
    assert target["Arn"] == {"Ref": "FailureTopic"}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["FailureDeadLetters", "Arn"]}}


@pytest.mark.parametrize("policy", ["AlarmTopicPolicy", "FailureTopicPolicy", "RouteTopicPolicy"])
def test_a_condition_keeps_no_event_out_of_the_topic(application: Resources, policy: str) -> None:
    """AWS: "You can't use Condition blocks in Amazon SNS topic policies for EventBridge"; such rules tell nobody."""
    statements = application[policy]["Properties"]["PolicyDocument"]["Statement"]
    by_events = [each for each in statements if "events.amazonaws.com" in json.dumps(each["Principal"])]
    assert [("Condition" in each) for each in by_events] == [False]
    assert all("Condition" in each for each in statements if each not in by_events)


def test_queues_are_encrypted_and_nothing_is_lost(application: Resources) -> None:
    queues = {name: each["Properties"] for name, each in application.items() if each["Type"] == "AWS::SQS::Queue"}
    assert all(queue["SqsManagedSseEnabled"] for queue in queues.values())
    assert queues["ReviewQueue"]["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["ReviewDeadLetters", "Arn"]}
    for rule in ("ApprovalRule", "DeployNetRule"):
        [target] = application[rule]["Properties"]["Targets"]
        assert target["Arn"] == {"Ref": "DeployMachine"}
        assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["DeployDeadLetters", "Arn"]}}
    [decision] = application["ApprovalRule"]["Properties"]["Targets"]
    assert decision["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}


def test_uploads_of_photos_start_the_workflow_and_none_is_lost(storage: Resources, application: Resources) -> None:
    notified = storage["Bucket"]["Properties"]["NotificationConfiguration"]
    assert notified == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    rule = application["UploadRule"]["Properties"]
    assert rule["EventPattern"]["detail"]["bucket"] == {"name": [storage["Bucket"]["Properties"]["BucketName"]]}
    assert rule["EventPattern"]["detail"]["object"] == {"key": [{"prefix": "photos/"}]}
    assert rule["State"] == {"Ref": "UploadRuleState"}
    [target] = rule["Targets"]
    letters = {"Fn::GetAtt": ["StartDeadLetters", "Arn"]}
    assert target["DeadLetterConfig"] == {"Arn": letters}
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
    assert application["StartWorkflow"]["Properties"]["DeadLetterConfig"] == {"TargetArn": letters}
    permission = application["UploadsMayStart"]["Properties"]
    assert permission["SourceArn"] == {"Fn::GetAtt": ["UploadRule", "Arn"]}


def test_rules_are_those_that_are_paused_before_a_deletion(
    application: Resources, given: dict[str, str], names: Names
) -> None:
    rules = {given[name] for name, each in application.items() if each["Type"] == "AWS::Events::Rule"}
    assert rules == {f"{names.prefix}-{each}" for each in names.rules}
