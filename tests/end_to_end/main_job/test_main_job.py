"""`scones run` on a local AWS that stays up: what it leaves there, and what running again does."""

import json
import re
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from end_to_end.support import CLASSES, MARKS, Scones

from pipelines.settings.naming import LAMBDA_NAMES

pytestmark = MARKS

BUCKET = "scones-unlimited-local-123456789012-eu-west-1"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:scones-unlimited-local-inference"


def wait_for_review(scones: Scones, executions: set[str]) -> None:
    """Waits until messages of all these executions have been received from the review queue."""
    sqs, missing = scones.client("sqs"), set(executions)
    queue = sqs.get_queue_url(QueueName="scones-unlimited-local-review")["QueueUrl"]

    def receive() -> bool:
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            missing.discard(json.loads(message["Body"])["execution"])
        return not missing

    scones.wait_for(receive)


@pytest.fixture(scope="module")
def reviewed(standing: Scones, first: dict[str, Any]) -> dict[str, Any]:
    """A photo of the first main job that somebody has looked at, in a browser as it were. It shows a bus, they say."""
    photo = first["workflow"][0]
    key = f"test-photos/{photo['name'].rpartition('-')[0]}/{photo['photo']}"
    sqs, s3 = standing.client("sqs"), standing.client("s3")
    told = {"s3_bucket": BUCKET, "s3_key": key, "inference_id": photo["name"], "decision": "low_confidence"}
    body = json.dumps({"execution": photo["name"], "photo": {**told, "label": photo["label"], "confidence": 0.4}})
    s3.put_object(Bucket=BUCKET, Key=f"review/waiting/{photo['name']}.json", Body=body.encode())
    sqs.send_message(
        QueueUrl=sqs.get_queue_url(QueueName="scones-unlimited-local-review")["QueueUrl"], MessageBody=body
    )
    process = standing.start("review")
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    while "Nothing waits" not in (page := urlopen(address, timeout=60).read().decode()):
        (execution,) = re.findall(r'name="execution" value="([^"]+)"', page)
        answer = {"execution": execution, "answer": "bus" if execution == photo["name"] else ""}
        urlopen(f"{address}answer", urlencode(answer).encode(), timeout=60).close()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert "answered by" in output
    return dict(photo)


def test_an_answer_is_ground_truth_and_leaves_the_queue(standing: Scones, reviewed: dict[str, Any]) -> None:
    s3 = standing.client("s3")
    assert not [each for each in keys(s3, "review/waiting/") if reviewed["name"] in each]
    (key,) = [each for each in keys(s3, "ground-truth/") if reviewed["name"] in each]
    record = json.load(s3.get_object(Bucket=BUCKET, Key=key)["Body"])
    assert record["groundTruthData"]["data"] == "bus"
    assert record["eventMetadata"]["eventId"] == reviewed["name"]
    status = standing.here("review", "status")
    assert status.stdout.startswith("waiting: 0 "), status.stdout + status.stderr


def keys(s3: Any, prefix: str) -> list[str]:
    return [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]


def test_a_second_run_reuses_what_is_unchanged_and_says_so(
    standing: Scones, first: dict[str, Any], archive_of_five: Path
) -> None:
    assert first["reused_steps"] == []
    ran = standing.here("run", "--data", str(archive_of_five))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    second = standing.summary()
    # The first run's model is in production by now: the evaluation has something new to compare with, and the
    # baseline takes the model's answers from the evaluation.
    assert second["reused_steps"] == ["PrepareData", "TrainModel"]
    page = (standing.build / "reports" / "decision.html").read_text()
    assert "The same model as the one in production" in page
    assert f"TrainModel: reused: its inputs are those of execution {first['pipeline_execution'][-12:]}" in ran.stdout
    assert second["accuracy"] == first["accuracy"]


def test_what_is_exported_is_byte_for_byte_what_runs(standing: Scones, first: dict[str, Any]) -> None:
    definitions = standing.build / "definitions"
    ran = standing.client("sagemaker").describe_pipeline_definition_for_execution(
        PipelineExecutionArn=first["pipeline_execution"]
    )
    assert ran["PipelineDefinition"] == (definitions / "training.json").read_text()
    for machine, name in ((MACHINE, "inference"), (MACHINE.replace("-inference", "-batch"), "batch")):
        deployed = standing.client("stepfunctions").describe_state_machine(stateMachineArn=machine)["definition"]
        assert deployed == (definitions / f"{name}.asl.json").read_text()


def test_an_execution_without_parameters_compares_with_the_training_data(
    standing: Scones, first: dict[str, Any], reviewed: dict[str, Any]
) -> None:
    sagemaker = standing.client("sagemaker")
    (target,) = standing.client("events").list_targets_by_rule(Rule="scones-unlimited-local-monitoring")["Targets"]
    assert target["SageMakerPipelineParameters"] == {"PipelineParameterList": [{"Name": "Window", "Value": "day"}]}
    arn = sagemaker.start_pipeline_execution(PipelineName=target["Arn"])["PipelineExecutionArn"]

    def status() -> str:
        return str(sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionStatus"])

    standing.wait_for(lambda: status() != "Executing")
    assert status() == "Succeeded"
    key = f"reports/{arn.rpartition('/')[2]}/monitoring"
    report, verdict = (
        standing.client("s3").get_object(Bucket=BUCKET, Key=f"{key}/{name}")["Body"].read().decode()
        for name in ("report.html", "verdict.json")
    )
    assert "training images" in report
    assert "there is no drift baseline" not in report
    judged = json.loads(verdict)
    assert judged["baseline"]["classes"] == [*CLASSES]
    measured = judged["accuracy"]["measured"]  # by what the reviewer said
    assert (measured["photos"], measured["confusion"]["bus"][reviewed["label"]]) == (1, 1)
    gaps = {each["what"]: each["why"] for each in judged["not_compared"]}
    assert "photos" not in gaps
    assert gaps.get("upright", "fewer than 20").startswith("fewer than 20")  # answers and baseline say it
    kept = standing.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="profiles/profile-")["Contents"]
    kinds = {each["Key"].partition(".")[2] for each in kept}
    assert kinds == {"json.gz", "counts.json.gz", "samples.json.gz", "pixels"}


@pytest.fixture
def in_two_shares(standing: Scones, first: dict[str, Any], tmp_path: Path) -> Iterator[str]:
    """The monitoring pipeline, as one of which two instances read the captures."""
    sagemaker, name = standing.client("sagemaker"), "scones-unlimited-local-monitoring"
    before = sagemaker.describe_pipeline(PipelineName=name)["PipelineDefinition"]
    other = standing.beside(tmp_path)
    configuration = (other.configs / "local.yaml").read_text()
    other.configure("local", f"{configuration}\nmonitoring:\n  instance_count: 2\n")
    done = other.here("pipeline", "upsert")
    assert done.returncode == 0, done.stdout + done.stderr
    yield name
    sagemaker.update_pipeline(PipelineName=name, PipelineDefinition=before)


def test_of_ninety_days_of_captures_only_what_the_day_needs_is_downloaded(standing: Scones, in_two_shares: str) -> None:
    s3, sagemaker = standing.client("s3"), standing.client("sagemaker")
    source = next(key for key in keys(s3, "capture/") if key.endswith(".jsonl"))
    record = json.loads(s3.get_object(Bucket=BUCKET, Key=source)["Body"].readline())
    today = datetime.now(UTC).replace(hour=0)
    for days in range(1, 91):
        time = today - timedelta(days=days)
        metadata = {"eventId": f"history-{days}", "inferenceTime": time.isoformat()}  # whatever the record was
        body = json.dumps({**record, "eventMetadata": metadata}).encode()
        s3.put_object(Bucket=BUCKET, Key=f"capture/history/AllTraffic/{time:%Y/%m/%d/%H}/a.jsonl", Body=body)

    given = {"Window": "day", "CaptureUri": f"s3://{BUCKET}/capture/history"}
    arn = sagemaker.start_pipeline_execution(
        PipelineName=in_two_shares,
        PipelineParameters=[{"Name": name, "Value": value} for name, value in given.items()],
    )["PipelineExecutionArn"]
    describe = partial(sagemaker.describe_pipeline_execution, PipelineExecutionArn=arn)
    standing.wait_for(lambda: describe()["PipelineExecutionStatus"] != "Executing")
    assert describe()["PipelineExecutionStatus"] == "Succeeded"
    folder = f"reports/{arn.rpartition('/')[2]}"
    verdict = s3.get_object(Bucket=BUCKET, Key=f"{folder}/monitoring/verdict.json")["Body"].read()
    assert json.loads(verdict)["records"] == 1
    downloaded = []
    for name in ("captures", "share-1", "share-2"):
        _, *listed = json.load(s3.get_object(Bucket=BUCKET, Key=f"{folder}/selection/{name}.manifest")["Body"])
        downloaded.append(len(listed))
    assert downloaded == [1, 8, 7]  # the day's; and shares of it and of two weeks before it, which nobody has read yet
    assert len(keys(s3, f"{folder}/new-profiles/profile-")) == 15 * 4


def test_a_photo_that_cannot_be_read_is_reviewed_with_the_reason(standing: Scones, first: dict[str, Any]) -> None:
    standing.client("s3").put_object(Bucket=BUCKET, Key="test-photos/broken.png", Body=b"no picture")
    states = standing.client("stepfunctions")
    arn = states.start_execution(
        stateMachineArn=MACHINE,
        name="broken-photo",
        input=json.dumps({"s3_bucket": BUCKET, "s3_key": "test-photos/broken.png"}),
    )["executionArn"]
    standing.wait_for(lambda: states.describe_execution(executionArn=arn)["status"] != "RUNNING")
    ended = states.describe_execution(executionArn=arn)
    assert ended["status"] == "SUCCEEDED", ended
    output = json.loads(ended["output"])
    assert output["decision"] == "unusable"
    assert output["reason"]["Error"] == "PhotoUnreadable"
    wait_for_review(standing, {"broken-photo"})


def test_a_model_that_is_not_good_enough_is_not_registered(
    standing: Scones, first: dict[str, Any], archive_of_five: Path, tmp_path: Path
) -> None:
    strict = standing.beside(tmp_path)
    configuration = (strict.configs / "local.yaml").read_text()
    strict.configure("local", configuration.replace("minimum_accuracy: 0.3", "minimum_accuracy: 1.0"))
    ran = strict.here("run", "--data", str(archive_of_five))
    assert ran.returncode == 7, ran.stdout + ran.stderr
    assert "not good enough to be registered: accuracy 0." in ran.stderr
    assert "TrainModel: reused" in ran.stdout  # it is the model of the first run that is refused
    assert "RegisterModel" not in ran.stdout
    assert (strict.build / "reports" / "decision.html").is_file()


@pytest.mark.parametrize("function", LAMBDA_NAMES)
def test_every_line_of_a_functions_log_is_json_without_a_photo(
    function: str, standing: Scones, first: dict[str, Any]
) -> None:
    pages = standing.client("logs").get_paginator("filter_log_events")
    found = pages.paginate(logGroupName=f"/aws/lambda/scones-unlimited-local-{function}")
    texts = [event["message"] for page in found for event in page["events"]]
    assert [text for text in texts if re.search(r"[A-Za-z0-9+/=\\]{100}", text)] == []  # base64, or escaped bytes
    lines = [json.loads(text) for text in texts]
    started = {line["record"]["requestId"] for line in lines if line.get("type") == "platform.start"}
    own = [line for line in lines if line.get("service") == function]
    assert {line["function_request_id"] for line in own} == started
    if function in ("serialize-image", "classify-image", "filter-inference"):
        done = {line["inference_id"] for line in own if line["message"] == "done"}
        assert done >= {outcome["name"] for outcome in first["workflow"]}
