"""EventBridge: what SageMaker, PutEvents publish reaches functions, queues and pipelines; SNS to SQS."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.sagemaker.support import definition, processing, start_processing
from tests.local.support import ACCOUNT, BUCKET, IMAGE, REGION, ROLE, Wait, client, count

Receive = Callable[[], dict[str, Any]]


@pytest.fixture(scope="module")
def events(aws: Any) -> Any:
    return client(aws, "events")


def rule(events: Any, name: str, target: dict[str, Any], **pattern: Any) -> None:
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "1", **target}])


def put(events: Any, detail: dict[str, Any], source: str = "tests") -> dict[str, Any]:
    entry = {"Source": source, "DetailType": "Test", "Detail": json.dumps(detail)}
    return dict(events.put_events(Entries=[entry]))


def test_put_events_reaches_a_queue_by_pattern(events: Any, queue: tuple[str, str], receive: Receive) -> None:
    transformer = {"InputPathsMap": {"n": "$.detail.n"}, "InputTemplate": '{"number": <n>}'}
    rule(events, "numbers", {"Arn": queue[1], "InputTransformer": transformer}, source=["t-queue"], detail={"n": [2]})
    put(events, {"n": 1}, "t-queue")
    assert put(events, {"n": 2}, "t-queue")["FailedEntryCount"] == 0
    assert json.loads(receive()["Body"]) == {"number": 2}


def test_put_events_reaches_a_function(events: Any, create_function: Any, s3: Any, wait: Wait) -> None:
    source = f"""
    import boto3, json
    BUCKET = "{BUCKET}"
    def handler(event, context):
        boto3.client("s3").put_object(Bucket=BUCKET, Key="put/" + event["detail"]["n"], Body=b"")
    """
    rule(events, "to-function", {"Arn": create_function("from-event", source)}, source=["t-function"])
    put(events, {"n": "7"}, "t-function")
    wait(lambda: count(s3, "put/7"), "n", 1)


def test_bad_events_are_answered_one_by_one(events: Any) -> None:
    good = {"Source": "s", "DetailType": "t", "Detail": "{}"}
    answer = events.put_events(Entries=[good, {**good, "Detail": "{"}, {"Source": "s", "DetailType": "t"}])
    assert answer["FailedEntryCount"] == 2
    assert [entry.get("ErrorCode") for entry in answer["Entries"]] == [None, "MalformedDetail", "InvalidArgument"]


def test_what_cannot_be_delivered_goes_to_the_dead_letter_queue(
    events: Any, queue: tuple[str, str], receive: Receive
) -> None:
    missing = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:missing"
    rule(events, "hopeless", {"Arn": missing, "DeadLetterConfig": {"Arn": queue[1]}}, source=["t-dead"])
    put(events, {"n": 1}, "t-dead")
    message = receive()
    assert json.loads(message["Body"])["detail"] == {"n": 1}
    attributes = {key: value["StringValue"] for key, value in message["MessageAttributes"].items()}
    assert attributes["TARGET_ARN"] == missing
    assert attributes["RULE_ARN"].endswith(":rule/hopeless")
    assert attributes["ERROR_CODE"] == "ResourceNotFoundException"


def test_an_execution_tells_how_it_goes_and_an_event_starts_one(
    sagemaker: Any, events: Any, queue: tuple[str, str], receive: Receive
) -> None:
    parameters = [{"Name": "Word", "Type": "String", "DefaultValue": "none"}]
    text = definition([processing("One", "true")], parameters)
    arn = sagemaker.create_pipeline(PipelineName="started", PipelineDefinition=text, RoleArn=ROLE)["PipelineArn"]
    given = {"PipelineParameterList": [{"Name": "Word", "Value": "given"}]}
    rule(events, "start", {"Arn": arn, "SageMakerPipelineParameters": given}, source=["t-start"])
    rule(
        events,
        "watch",
        {"Arn": queue[1]},
        **{
            "source": ["aws.sagemaker"],
            "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
            "detail": {"pipelineArn": [arn], "currentPipelineExecutionStatus": ["Succeeded", "Failed"]},
        },
    )
    put(events, {}, "t-start")
    detail = json.loads(receive()["Body"])["detail"]
    assert detail["currentPipelineExecutionStatus"] == "Succeeded"
    assert detail["previousPipelineExecutionStatus"] == "Executing"
    made = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=detail["pipelineExecutionArn"])
    assert made["PipelineParameters"] == [{"Name": "Word", "Value": "given"}]


def test_a_job_and_an_endpoint_tell_how_they_go(
    sagemaker: Any, events: Any, queue: tuple[str, str], receive: Receive
) -> None:
    kinds = ["SageMaker Endpoint State Change", "SageMaker Processing Job State Change"]
    detail = {"$or": [{"EndpointStatus": ["FAILED"]}, {"ProcessingJobStatus": ["Completed"]}]}
    rule(events, "states", {"Arn": queue[1]}, **{"detail-type": kinds, "detail": detail})
    start_processing(sagemaker, "told", "true")
    event = json.loads(receive()["Body"])
    assert event["detail"]["ProcessingJobName"] == "told"
    assert event["resources"] == [f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:processing-job/told"]
    sagemaker.create_model(
        ModelName="told",
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": "s3://no/model.tar.gz"},
        ExecutionRoleArn=ROLE,
    )
    variant = {"VariantName": "v", "ModelName": "told", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="told", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName="told", EndpointConfigName="told")
    event = json.loads(receive()["Body"])
    assert (event["detail"]["EndpointName"], event["detail"]["EndpointStatus"]) == ("told", "FAILED")
    assert "s3://no/model.tar.gz" in event["detail"]["FailureReason"]


def test_a_bad_pattern_is_refused_and_harms_nobody(
    events: Any, aws: Any, queue: tuple[str, str], receive: Receive
) -> None:
    with pytest.raises(ClientError, match="Unrecognized match type like") as raised:
        events.put_rule(Name="bad", EventPattern='{"source": [{"like": "t-harm"}]}')
    assert raised.value.response["Error"]["Code"] == "InvalidEventPatternException"
    detail = {"items": {"name": ["b"], "size": [{"numeric": [">", 1]}]}}
    rule(events, "good", {"Arn": queue[1]}, source=[{"wildcard": "t-*rm"}], detail=detail)
    assert (
        put(events, {"items": [{"name": "a", "size": 2}, {"name": "b", "size": 1}]}, "t-harm")["FailedEntryCount"] == 0
    )
    put(events, {"items": [{"name": "a", "size": 1}, {"name": "b", "size": 2}]}, "t-harm")
    assert json.loads(receive()["Body"])["detail"]["items"][1] == {"name": "b", "size": 2}


def test_a_pattern_can_be_tried(events: Any) -> None:
    event = {"id": "1", "account": ACCOUNT, "source": "s", "time": "2026-01-02T03:04:05Z", "region": REGION}
    text = json.dumps({**event, "resources": [], "detail-type": "t", "detail": {}})
    assert events.test_event_pattern(EventPattern='{"source": ["s"]}', Event=text)["Result"] is True
    assert events.test_event_pattern(EventPattern='{"source": [{"anything-but": "s"}]}', Event=text)["Result"] is False
    for pattern, given, code in (
        ("{", text, "InvalidEventPatternException"),
        ('{"a": [1]}', "{}", "ValidationException"),
    ):
        with pytest.raises(ClientError) as raised:
            events.test_event_pattern(EventPattern=pattern, Event=given)
        assert raised.value.response["Error"]["Code"] == code


def test_what_cannot_work_is_refused(events: Any) -> None:
    with pytest.raises(ClientError, match="ScheduleExpression is not valid"):
        events.put_rule(Name="never", ScheduleExpression="cron(0 0 L * * *)")
    events.put_rule(Name="refused", EventPattern='{"source": ["x"]}')
    with pytest.raises(ClientError, match="delivers events to lambda, sqs, sns, sagemaker, states, not to arn:aws:ecs"):
        events.put_targets(Rule="refused", Targets=[{"Id": "1", "Arn": "arn:aws:ecs:eu-west-1:123456789012:cluster/c"}])


def test_a_topic_passes_messages_to_a_queue(aws: Any, queue: tuple[str, str], receive: Receive) -> None:
    sns = client(aws, "sns")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue[1])
    sns.publish(TopicArn=topic, Message="the endpoint fails")
    assert json.loads(receive()["Body"])["Message"] == "the endpoint fails"
