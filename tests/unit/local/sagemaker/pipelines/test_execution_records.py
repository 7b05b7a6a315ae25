"""What an execution publishes, says and records, and what its steps reuse."""

import re
from datetime import timedelta
from typing import Any

import pytest
from unit.local.sagemaker.pipelines.executions import ARN, SECONDS, History, an_execution, run, step, succeed

from local.protocol.errors import JobError
from local.protocol.json_types import Record
from local.runtime.context import now
from local.sagemaker.pipelines.definition import Resolver
from local.sagemaker.pipelines.execution import MOST_REASON
from local.sagemaker.pipelines.steps import StepRun

TITLE = "SageMaker Model Building Pipeline Execution Status Change"
PIPELINE = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p"


def timeless(said: list[str]) -> list[str]:
    """What was said, without the numbers of seconds, which may be large on a busy machine."""
    return [re.sub(r"\b\d{1,2} s", "N s", text) for text in said]


def fail(*_: Any) -> Record:
    raise JobError("ClientError: no such photo")


def test_every_change_of_status_is_an_event() -> None:
    events: list[tuple[str, list[str], Record]] = []
    execution = an_execution(step("A"), publish=lambda *event: events.append(event))
    run(execution, fail)
    execution.retry(succeed)
    assert execution.ended.wait(SECONDS)
    assert {(title, *arns) for title, arns, _ in events} == {(TITLE, PIPELINE, ARN)}
    began = f"{execution.record['StartTime']:%Y-%m-%dT%H:%M:%SZ}"
    common = {
        "pipelineArn": PIPELINE,
        "pipelineExecutionArn": ARN,
        "pipelineExecutionDisplayName": "a name",
        "executionStartTime": began,
    }
    changes = [("Executing", "Failed"), ("Failed", "Executing"), ("Executing", "Succeeded")]
    details = [detail for _, _, detail in events]
    for detail, (before, after) in zip(details, changes, strict=True):
        expected = {**common, "previousPipelineExecutionStatus": before, "currentPipelineExecutionStatus": after}
        assert {key: value for key, value in detail.items() if key != "executionEndTime"} == expected
    assert "executionEndTime" not in details[1]
    assert began <= details[0]["executionEndTime"] <= f"{now():%Y-%m-%dT%H:%M:%SZ}"
    assert now() - execution.record["LastModifiedTime"] < timedelta(seconds=SECONDS)


def test_the_steps_are_told_as_they_end() -> None:
    said: list[str] = []
    branches = {"Conditions": [], "IfSteps": [step("Yes")], "ElseSteps": []}
    steps = [step("A"), step("Choose", "Condition", DependsOn=["A"]) | {"Arguments": branches}]
    run(an_execution(*steps, say=said.append), lambda *_: {"Outcome": "True"})
    assert timeless(said) == [
        "pipeline p/abc123: execution started",
        "pipeline p/abc123: step A started",
        "pipeline p/abc123: step A succeeded in N s",
        "pipeline p/abc123: step Choose started",
        "pipeline p/abc123: step Choose succeeded in N s: True",
        "pipeline p/abc123: step Yes started",
        "pipeline p/abc123: step Yes succeeded in N s",
        "pipeline p/abc123: execution succeeded after N s",
    ]


def test_failures_and_new_attempts_are_told() -> None:
    said: list[str] = []
    retry = [{"ExceptionType": ["SageMaker.JOB_INTERNAL_ERROR"], "IntervalSeconds": 0, "MaxAttempts": 1}]

    def run_step(*_: Any) -> Record:
        raise JobError("InternalServerError: again")

    run(an_execution(step("A", RetryPolicies=retry), say=said.append), run_step)
    assert timeless(said[2:]) == [
        "pipeline p/abc123: step A is tried again after: InternalServerError: again",
        "pipeline p/abc123: step A failed after N s: InternalServerError: again",
        "pipeline p/abc123: execution failed after N s",
    ]


def test_a_stopped_step_is_told() -> None:
    said: list[str] = []
    execution = an_execution(step("A"), say=said.append)

    def run_step(*_: Any) -> Record:
        execution.stop()
        raise JobError("it ended early")

    run(execution, run_step)
    assert timeless(said[2:]) == [
        "pipeline p/abc123: step A stopped after N s",
        "pipeline p/abc123: execution stopped after N s",
    ]


def test_a_step_is_recorded_as_it_is_described() -> None:
    execution = an_execution(step("A", DisplayName="First", Description="Makes it"))
    seen: list[StepRun] = []

    def run_step(run: StepRun, resolver: Resolver) -> Record:
        seen.append(run)
        assert run.record["StepStatus"] == "Executing"
        assert resolver.steps == {}
        return {}

    before = now()
    run(execution, run_step)
    (record,) = execution.steps
    assert before <= record["StartTime"] <= record["EndTime"] <= now()
    times = {"StartTime", "EndTime"}
    assert {key: value for key, value in record.items() if key not in times} == {
        "StepName": "A",
        "StepDisplayName": "First",
        "StepDescription": "Makes it",
        "StepStatus": "Succeeded",
        "AttemptCount": 1,
    }
    assert (seen[0].execution_id, seen[0].role) == ("abc123", "arn:aws:iam::123456789012:role/r")


def test_a_name_that_is_an_expression_is_not_shown() -> None:
    execution = an_execution(step("A", DisplayName={"Get": "Execution.PipelineName"}))
    run(execution, succeed)
    assert "StepDisplayName" not in execution.steps[0]


def test_the_reasons_of_all_failures_are_given() -> None:
    execution = an_execution(step("A"), step("B"), at_once=2)
    run(execution, fail)
    reasons = [f"{name}: ClientError: no such photo" for name in "AB"]
    start = "Step failure: One or multiple steps failed. "
    assert execution.record["FailureReason"] in {start + "; ".join(reasons), start + "; ".join(reasons[::-1])}
    assert execution.steps[0]["FailureReason"] == "ClientError: no such photo"


def test_long_reasons_are_cut() -> None:
    def run_step(*_: Any) -> Record:
        raise JobError("x" * 3000)

    execution = an_execution(step("A"))
    run(execution, run_step)
    assert len(execution.record["FailureReason"]) == MOST_REASON == 1300
    assert len(execution.steps[0]["FailureReason"]) == 1024


def test_an_error_of_the_local_aws_fails_the_step(caplog: pytest.LogCaptureFixture) -> None:
    def run_step(*_: Any) -> Record:
        raise LookupError("odd")

    execution = an_execution(step("A"))
    assert run(execution, run_step) == {"A": "Failed"}
    assert execution.steps[0]["FailureReason"] == "InternalServerError: LookupError: odd"
    assert caplog.records[0].exc_info


def test_property_files_are_found_where_a_step_put_them() -> None:
    get = {"PropertyFile": {"Get": "Steps.A.PropertyFiles.P"}, "Path": "accuracy"}
    files = [{"PropertyFileName": "P", "OutputName": "report", "FilePath": "evaluation.json"}]
    steps = [step("A", PropertyFiles=files), step("B", DependsOn=["A"], Arguments={"found": {"Std:JsonGet": get}})]
    seen: dict[str, Record] = {}

    def run_step(run: StepRun, _: Resolver) -> Record:
        seen[run.step.name] = run.arguments
        output = {"OutputName": "report", "S3Output": {"S3Uri": "s3://bucket/report"}}
        return {"ProcessingOutputConfig": {"Outputs": [output]}}

    run(an_execution(*steps, files={"s3://bucket/report/evaluation.json": b'{"accuracy": 0.9}'}), run_step)
    assert seen == {"A": {}, "B": {"found": 0.9}}


def cached(command: str) -> dict[str, Any]:
    """A step whose runs are reused as long as the command is the same."""
    arguments = {"AppSpecification": {"ContainerEntrypoint": [command]}}
    return step("A", "Processing", CacheConfig={"Enabled": True, "ExpireAfter": "PT1H"}, Arguments=arguments)


def test_a_run_is_reused_until_its_arguments_change() -> None:
    history: History = {}
    said: list[str] = []
    made = {"ProcessingJobArn": "arn:job"}
    run(an_execution(cached("old"), history=history, say=said.append), lambda *_: made)
    assert said[1] == "pipeline p/abc123: step A started (cache miss: it has not run before)"
    (past,) = history["A"]
    assert (past.execution_arn, past.properties) == (ARN, made)
    assert now() - past.ended < timedelta(seconds=SECONDS)

    later = an_execution(cached("old"), history=history, say=said.append, arn=ARN.replace("abc123", "later"))
    assert run(later, fail) == {"A": "Succeeded"}
    assert later.steps[0]["CacheHitResult"] == {"SourcePipelineExecutionArn": ARN}
    assert later.steps[0]["Metadata"] == {"ProcessingJob": {"Arn": "arn:job"}}
    assert said[-2] == "pipeline p/later: step A reused from execution abc123 (cache hit)"
    assert len(history["A"]) == 1

    said.clear()
    changed = an_execution(cached("new"), history=history, say=said.append)
    assert run(changed, lambda *_: made) == {"A": "Succeeded"}
    assert said[1] == "pipeline p/abc123: step A started (cache miss: AppSpecification changed since the latest run)"
    assert len(history["A"]) == 2
