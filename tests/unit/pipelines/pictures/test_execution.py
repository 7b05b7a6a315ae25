"""Statuses of states. In the last test, the history comes from moto's Step Functions engine."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from pipelines.pictures.execution import seconds, visits

START = datetime(2026, 3, 1, 10, tzinfo=UTC)


def history(*types_and_names: tuple[str, str]) -> list[dict[str, Any]]:
    """Events half a second apart."""
    events = []
    for number, (kind, name) in enumerate(types_and_names, start=1):
        key = "stateEnteredEventDetails" if kind.endswith("Entered") else "stateExitedEventDetails"
        details = {key: {"name": name}} if name else {}
        time_ = START + timedelta(seconds=number / 2)
        events.append({"id": number, "previousEventId": number - 1, "type": kind, "timestamp": time_, **details})
    return events


def statuses(events: list[dict[str, Any]]) -> dict[str, str]:
    return {name: visit.status for name, visit in visits(events).items()}


def test_a_state_that_was_left_after_its_task_succeeded() -> None:
    found = visits(history(("TaskStateEntered", "A"), ("TaskSucceeded", ""), ("TaskStateExited", "A")))
    assert found["A"].status == "succeeded"
    assert found["A"].duration == "1.00 s"


def test_a_retry_that_succeeded_is_no_catch() -> None:
    events = history(("TaskStateEntered", "A"), ("TaskFailed", ""), ("TaskSucceeded", ""), ("TaskStateExited", "A"))
    assert statuses(events) == {"A": "succeeded"}


@pytest.mark.parametrize("failure", ["TaskFailed", "TaskTimedOut", "LambdaFunctionFailed", "LambdaFunctionTimedOut"])
def test_a_state_that_was_left_after_a_failure_was_caught(failure: str) -> None:
    assert statuses(history(("TaskStateEntered", "A"), (failure, ""), ("TaskStateExited", "A"))) == {"A": "caught"}


@pytest.mark.parametrize("end", ["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"])
def test_the_state_in_which_an_execution_ends_badly_failed(end: str) -> None:
    assert statuses(
        history(("PassStateEntered", "A"), ("PassStateExited", "A"), ("TaskStateEntered", "B"), (end, ""))
    ) == {
        "A": "succeeded",
        "B": "failed",
    }


def test_a_state_in_a_running_execution_runs() -> None:
    found = visits(history(("TaskStateEntered", "A"), ("TaskScheduled", "")))
    assert (found["A"].status, found["A"].duration) == ("running", "")


def test_the_last_visit_of_a_loop_counts_whatever_the_order_of_the_events() -> None:
    events = history(("TaskStateEntered", "A"), ("TaskFailed", ""), ("TaskStateExited", "A"), ("TaskStateEntered", "A"))
    assert statuses(events[::-1]) == {"A": "running"}


@pytest.mark.parametrize(
    ("duration", "text"),
    [(0.0, "0 ms"), (0.0084, "8 ms"), (0.41, "0.41 s"), (9.999, "10.0 s"), (59.96, "1 min 0 s"), (125, "2 min 5 s")],
)
def test_durations(duration: float, text: str) -> None:
    assert seconds(duration) == text


def test_a_history_of_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    queue = "https://sqs.eu-west-1.amazonaws.com/123456789012/missing"
    task = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"}
    caught = {**task, "Parameters": {"QueueUrl": queue, "MessageBody": "x"}, "Next": "Good"}
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Bad"}]
    states = {
        "First": {"Type": "Pass", "Next": "Send"},
        "Send": {**caught, "Catch": catch},
        "Good": {"Type": "Pass", "End": True},
        "Bad": {"Type": "Fail"},
    }
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        client = boto3.client("stepfunctions", region_name="eu-west-1")
        role = "arn:aws:iam::123456789012:role/workflow"
        definition = json.dumps({"StartAt": "First", "States": states})
        machine = client.create_state_machine(name="m", definition=definition, roleArn=role)["stateMachineArn"]
        execution = client.start_execution(stateMachineArn=machine)["executionArn"]
        while client.describe_execution(executionArn=execution)["status"] == "RUNNING":
            time.sleep(0.05)
        events = client.get_execution_history(executionArn=execution)["events"]
    assert statuses(events) == {"First": "succeeded", "Send": "caught", "Bad": "failed"}
