"""`scones run`: alone on this machine, and again on a local AWS that stays up."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from end_to_end.support import Scones

pytestmark = pytest.mark.slow

MADE = [
    "definitions/inference.asl.json",
    "definitions/monitoring.json",
    "definitions/training.json",
    "pictures/execution.svg",
    "pictures/workflow.svg",
    "reports/decision.html",
    "reports/monitoring.html",
    "summary.json",
]


def test_alone_it_ends_well_and_leaves_no_process(scones: Scones, archive: Path) -> None:
    ran = scones("run", "--data", str(archive))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert [name for name in MADE if not (scones.build / name).is_file()] == []
    summary = scones.summary()
    assert summary["accuracy"] > 0.6
    assert summary["synthetic"] is True
    assert summary["model_package_status"] == "Approved"
    assert {outcome["status"] for outcome in summary["workflow"]} == {"SUCCEEDED"}
    assert summary["captured"] == len(summary["workflow"]) == 12
    assert scones.processes() == []


@pytest.fixture(scope="module")
def first(standing: Scones, archive: Path) -> dict[str, Any]:
    """The summary of a first run on the standing local AWS."""
    ran = standing("run", "--data", str(archive))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return standing.summary()


def test_a_second_run_reuses_what_is_unchanged_and_says_so(
    standing: Scones, first: dict[str, Any], archive: Path
) -> None:
    assert first["reused_steps"] == []
    ran = standing("run", "--data", str(archive))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    second = standing.summary()
    # The first run's model is in production by now: the evaluation, and it alone, has something new to compare with.
    assert second["reused_steps"] == ["PrepareData", "DescribeData", "TrainModel"]
    page = (standing.build / "reports" / "decision.html").read_text()
    assert "The same model as the one in production" in page
    assert f"TrainModel: reused: its inputs are those of execution {first['pipeline_execution'][-12:]}" in ran.stdout
    assert second["accuracy"] == first["accuracy"]


def test_what_is_exported_is_byte_for_byte_what_runs(
    standing: Scones, first: dict[str, Any], client: Callable[[str], Any]
) -> None:
    definitions = standing.build / "definitions"
    ran = client("sagemaker").describe_pipeline_definition_for_execution(
        PipelineExecutionArn=first["pipeline_execution"]
    )
    assert ran["PipelineDefinition"] == (definitions / "training.json").read_text()
    machine = client("stepfunctions").describe_state_machine(
        stateMachineArn="arn:aws:states:eu-west-1:123456789012:stateMachine:scones-unlimited-local-inference"
    )
    assert machine["definition"] == (definitions / "inference.asl.json").read_text()


def test_an_execution_without_parameters_as_the_schedule_starts_it_compares_with_the_training_data(
    standing: Scones, first: dict[str, Any], client: Callable[[str], Any]
) -> None:
    sagemaker = client("sagemaker")
    (target,) = client("events").list_targets_by_rule(Rule="scones-unlimited-local-monitoring")["Targets"]
    assert "SageMakerPipelineParameters" not in target
    arn = sagemaker.start_pipeline_execution(PipelineName=target["Arn"])["PipelineExecutionArn"]

    def status() -> str:
        return str(sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionStatus"])

    standing.wait_for(lambda: status() != "Executing")
    assert status() == "Succeeded"
    bucket, key = "scones-unlimited-local-123456789012-eu-west-1", f"executions/{arn.rpartition('/')[2]}/monitoring"
    report = client("s3").get_object(Bucket=bucket, Key=f"{key}/report.html")["Body"].read().decode()
    assert "training images" in report
    assert "there is no drift baseline" not in report


def test_what_is_not_sure_waits_in_the_review_queue(
    standing: Scones, first: dict[str, Any], client: Callable[[str], Any]
) -> None:
    unsure = {each["name"] for each in first["workflow"] if each["decision"] == "low_confidence"}
    queue = client("sqs").get_queue_url(QueueName="scones-unlimited-local-review")["QueueUrl"]
    count = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    assert int(count["Attributes"]["ApproximateNumberOfMessages"]) >= len(unsure)


def test_a_photo_that_cannot_be_read_is_reviewed_with_the_reason(
    standing: Scones, first: dict[str, Any], client: Callable[[str], Any]
) -> None:
    bucket = "scones-unlimited-local-123456789012-eu-west-1"
    client("s3").put_object(Bucket=bucket, Key="photos/broken.png", Body=b"no picture")
    states = client("stepfunctions")
    arn = states.start_execution(
        stateMachineArn="arn:aws:states:eu-west-1:123456789012:stateMachine:scones-unlimited-local-inference",
        name="broken-photo",
        input=json.dumps({"s3_bucket": bucket, "s3_key": "photos/broken.png"}),
    )["executionArn"]
    standing.wait_for(lambda: states.describe_execution(executionArn=arn)["status"] != "RUNNING")
    ended = states.describe_execution(executionArn=arn)
    assert ended["status"] == "SUCCEEDED", ended
    output = json.loads(ended["output"])
    assert output["decision"] == "unusable"
    assert output["reason"]["Error"] == "PhotoUnreadable"


@pytest.mark.parametrize("function", ["serialize-image", "classify-image", "filter-inference", "deploy-model"])
def test_every_line_of_a_functions_log_is_json_without_a_photo(
    function: str, first: dict[str, Any], client: Callable[[str], Any]
) -> None:
    pages = client("logs").get_paginator("filter_log_events")
    found = pages.paginate(logGroupName=f"/aws/lambda/scones-unlimited-local-{function}")
    texts = [event["message"] for page in found for event in page["events"]]
    assert [text for text in texts if re.search(r"[A-Za-z0-9+/=\\]{100}", text)] == []  # base64, or escaped bytes
    lines = [json.loads(text) for text in texts]
    started = {line["record"]["requestId"] for line in lines if line.get("type") == "platform.start"}
    own = [line for line in lines if line.get("service") == function]
    assert {line["function_request_id"] for line in own} == started
    if function != "deploy-model":
        done = {line["inference_id"] for line in own if line["message"] == "done"}
        assert done >= {outcome["name"] for outcome in first["workflow"]}
