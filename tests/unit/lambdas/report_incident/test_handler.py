"""The whole function, against moto: what it keeps in S3, whom it tells, and what it starts."""

import io
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from unit.lambdas.conftest import BUCKET
from unit.lambdas.context import CONTEXT

from lambdas.report_incident import memory
from lambdas.report_incident.handler import handler
from lambdas.report_incident.models import Configuration, Incident, Place, Verdict
from lambdas.shared.errors import ConfigurationError, IncidentBusy, InvalidRequest

ENVIRONMENT = {
    "BUCKET": BUCKET,
    "ENVIRONMENT": "scones-test",
    "ALARM_ON": "do_not_trust",
    "RETRAIN_ON": "model_answers,class_mix",
    "TRAINING_PIPELINE": "training",
    "MODEL_PACKAGE_GROUP": "vehicles",
    "ENDPOINT_NAME": "vehicles",
}


@pytest.fixture
def messages(s3: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """The function's environment, and what people were told since the last look."""
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    queue = sqs.create_queue(QueueName="mail")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    for name, value in {**ENVIRONMENT, "TOPIC_ARN": topic}.items():
        monkeypatch.setenv(name, value)

    def look() -> list[dict[str, Any]]:
        found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for each in found:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        return [json.loads(each["Body"]) for each in found]

    return look


def judged(s3: Any, hour: int, word: str, cause: str = "turned") -> dict[str, Any]:
    """Calls the function with the verdict on an hour."""
    key = f"reports/run-{hour}/monitoring/verdict.json"
    document = {
        "verdict": word,
        "window": {"from": f"2026-03-09T{hour:02}:00:00Z", "to": f"2026-03-09T{hour + 1:02}:00:00Z"},
        "since": None,
        "causes": [{"cause": cause, "text": f"{cause} pictures"}] if word == "do_not_trust" else [],
        "not_compared": [],
    }
    s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(document).encode())
    return handler({"verdict_uri": f"s3://{BUCKET}/{key}"}, CONTEXT)


def kept(s3: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(s3.get_object(Bucket=BUCKET, Key=memory.CURRENT)["Body"].read())
    return found


def test_people_are_told_when_it_begins_and_when_it_ends_and_never_between(s3: Any, messages: Any) -> None:
    assert judged(s3, 1, "trust") == {"incident": "none", "told": False, "training": ""}
    assert judged(s3, 2, "do_not_trust") == {"incident": "open", "told": True, "training": ""}
    [first] = messages()
    assert first["Subject"] == "scones-test: the model cannot be trusted"
    assert f"s3://{BUCKET}/reports/run-2/monitoring/report.html" in first["Message"]
    assert first["MessageAttributes"]["incident"]["Value"] == "open"
    assert judged(s3, 3, "do_not_trust")["told"] is False
    assert judged(s3, 4, "cannot_tell")["told"] is False
    assert judged(s3, 5, "trust") == {"incident": "ended", "told": True, "training": ""}
    [last] = messages()
    assert last["Subject"] == "scones-test: the model can be trusted again"
    assert judged(s3, 6, "trust") == {"incident": "ended", "told": False, "training": ""}
    assert messages() == []


def test_the_log_line_has_the_verdict_and_what_was_done(s3: Any, messages: Any, log: io.StringIO) -> None:
    judged(s3, 2, "do_not_trust")
    line = json.loads(log.getvalue().splitlines()[-1])
    assert line["verdict_uri"] == f"s3://{BUCKET}/reports/run-2/monitoring/verdict.json"
    assert (line["message"], line["incident"], line["told"], line["training"]) == ("done", "open", True, "")


def test_verdicts_are_kept_for_the_index_with_the_reports_address(s3: Any, messages: Any) -> None:
    judged(s3, 1, "trust")
    judged(s3, 1, "trust")
    [copy] = s3.list_objects_v2(Bucket=BUCKET, Prefix="verdicts/")["Contents"]
    assert copy["Key"] == "verdicts/20260309T010000-20260309T020000/verdict.json"
    document = json.loads(s3.get_object(Bucket=BUCKET, Key=copy["Key"])["Body"].read())
    assert document["report"] == f"s3://{BUCKET}/reports/run-1/monitoring/report.html"


def test_a_message_that_cannot_be_sent_is_sent_with_the_next_verdict(
    s3: Any, messages: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setenv("TOPIC_ARN", "arn:aws:sns:eu-west-1:123456789012:none")
        with pytest.raises(ClientError):
            judged(s3, 2, "do_not_trust")
    assert kept(s3)["told"] is False
    assert judged(s3, 3, "do_not_trust")["told"] is True
    assert len(messages()) == 1


@pytest.fixture
def registry(s3: Any) -> Any:
    """A pipeline that can be started, data, and two versions of which the first one is approved."""
    sagemaker = boto3.client("sagemaker")
    sagemaker.create_pipeline(
        PipelineName="training",
        PipelineDefinition="{}",
        RoleArn="arn:aws:iam::123456789012:role/pipeline",
        ClientRequestToken="x" * 32,
    )
    sagemaker.create_model_package_group(ModelPackageGroupName="vehicles")
    for status, model in (("Approved", "first"), ("PendingManualApproval", "second")):
        container = {"Image": "image", "ModelDataUrl": f"s3://{BUCKET}/{model}.tar.gz"}
        content = {"Containers": [container], "SupportedContentTypes": ["a"], "SupportedResponseMIMETypes": ["b"]}
        sagemaker.create_model_package(
            ModelPackageGroupName="vehicles", ModelApprovalStatus=status, InferenceSpecification=content
        )
    s3.put_object(Bucket=BUCKET, Key="data/latest", Body=f"s3://{BUCKET}/data/abc\n".encode())
    return sagemaker


def test_training_starts_once_an_incident_against_the_model_in_production(
    s3: Any, messages: Any, registry: Any
) -> None:
    arn = judged(s3, 2, "do_not_trust", "model_answers")["training"]
    assert judged(s3, 3, "do_not_trust", "model_answers")["training"] == arn
    assert "the pipeline is being started" in messages()[0]["Message"]
    executions = registry.list_pipeline_executions(PipelineName="training")["PipelineExecutionSummaries"]
    assert [each["PipelineExecutionArn"] for each in executions] == [arn]
    given = registry.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)["PipelineParameters"]
    package = registry.list_model_packages(ModelPackageGroupName="vehicles", ModelApprovalStatus="Approved")
    assert {each["Name"]: each["Value"] for each in given} == {
        "InputDataUri": f"s3://{BUCKET}/data/abc",
        "ChampionModelUri": f"s3://{BUCKET}/first.tar.gz",
        "ChampionModelPackage": package["ModelPackageSummaryList"][0]["ModelPackageArn"],
    }


def test_people_are_told_before_training_fails(s3: Any, messages: Any) -> None:
    with pytest.raises(InvalidRequest, match="data/latest does not exist"):
        judged(s3, 2, "do_not_trust", "class_mix")
    assert len(messages()) == 1
    assert (kept(s3)["told"], kept(s3)["training"]) == (True, None)


def test_of_two_writers_one_reads_again(s3: Any) -> None:
    """The other one begins the incident while this one decides that there is none yet."""
    own = Incident(open=True, number=1, since="", text="own", seen="", report="", told=False)
    seen: list[Incident | None] = []

    def decide(known: Incident | None) -> Incident:
        seen.append(known)
        if len(seen) == 1:
            memory.change(s3, BUCKET, lambda _: Incident(True, 7, "", "other", "", "", told=True))
        return own if known is None else known

    found = memory.change(s3, BUCKET, decide)
    assert [each and each.text for each in seen] == [None, "other"]
    assert found is not None
    assert (found.number, kept(s3)["text"]) == (7, "other")


def test_a_writer_who_is_always_late_gives_up(s3: Any) -> None:
    numbers = iter(range(100))

    def late(known: Incident | None) -> Incident:
        s3.put_object(
            Bucket=BUCKET, Key=memory.CURRENT, Body=Incident(True, next(numbers), "", "", "", "", True).to_json()
        )
        return Incident(open=False, number=-1, since="", text="", seen="", report="", told=True)

    with pytest.raises(IncidentBusy):
        memory.change(s3, BUCKET, late)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'{"verdict": "trust"}',
        b'{"verdict": "perhaps", "window": {"from": "2026-03-09", "to": "2026-03-09T01:00:00Z"}, "causes": []}',
        b'{"verdict": "trust", "window": {"from": "2026-03-09T00:00", "to": "2026-03-09T01:00"}, "causes": []}',
        b'{"verdict": "trust", "window": {"from": 1, "to": 2}, "causes": []}',
    ],
)
def test_what_is_no_verdict_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidRequest):
        Verdict.parse(content)


@pytest.mark.parametrize("uri", ["verdict.json", "s3://", "s3://bucket", "s3://bucket/folder/", ""])
def test_what_is_no_object_is_refused(uri: str, messages: Any) -> None:
    with pytest.raises(InvalidRequest, match="verdict_uri"):
        handler({"verdict_uri": uri}, CONTEXT)


def test_a_verdict_that_does_not_exist_is_named(messages: Any) -> None:
    with pytest.raises(InvalidRequest, match=f"s3://{BUCKET}/none.json does not exist"):
        handler({"verdict_uri": Place(BUCKET, "none.json").uri}, CONTEXT)


def test_a_broken_incident_is_named() -> None:
    with pytest.raises(InvalidRequest, match="delete it to begin anew"):
        Incident.parse(b'{"open": true}')


@pytest.mark.parametrize(
    "name", ["TOPIC_ARN", "BUCKET", "ENVIRONMENT", "ALARM_ON", "TRAINING_PIPELINE", "ENDPOINT_NAME"]
)
def test_each_variable_is_needed(name: str) -> None:
    given = {**ENVIRONMENT, "TOPIC_ARN": "arn"}
    with pytest.raises(ConfigurationError, match=name):
        Configuration.parse({key: value for key, value in given.items() if key != name})
    with pytest.raises(ConfigurationError, match="ALARM_ON must be one of do_not_trust, look, never"):
        Configuration.parse({**given, "ALARM_ON": "always"})
