"""What happened in states. In the last test, the history comes from moto's Step Functions engine."""

import json
import time
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws
from unit.pipelines.history_events import START, event

from pipelines.histories.visits import Problem, Visit, visits_of


def history(*types_and_names: tuple[str, str]) -> list[dict[str, Any]]:
    """Events half a second apart."""
    events = []
    for number, (kind, name) in enumerate(types_and_names, start=1):
        key = "stateEnteredEventDetails" if kind.endswith("Entered") else "stateExitedEventDetails"
        details = {key: {"name": name}} if name else {}
        time_ = START + timedelta(seconds=number / 2)
        events.append({"id": number, "previousEventId": number - 1, "type": kind, "timestamp": time_, **details})
    return events


def only(events: list[dict[str, Any]]) -> Visit:
    (visit,) = visits_of(events)
    return visit


def statuses(events: list[dict[str, Any]]) -> dict[str, str]:
    return {visit.name: visit.status for visit in visits_of(events)}


def test_a_state_that_was_left_after_its_task_succeeded() -> None:
    visit = only(history(("TaskStateEntered", "A"), ("TaskSucceeded", ""), ("TaskStateExited", "A")))
    assert (visit.status, visit.seconds) == ("succeeded", 1.0)


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
    visit = only(history(("TaskStateEntered", "A"), ("TaskScheduled", "")))
    assert (visit.status, visit.seconds) == ("running", None)


def test_a_loop_has_several_visits_whatever_the_order_of_the_events() -> None:
    events = history(("TaskStateEntered", "A"), ("TaskFailed", ""), ("TaskStateExited", "A"), ("TaskStateEntered", "A"))
    assert [visit.status for visit in visits_of(events[::-1])] == ["caught", "running"]


def test_each_try_is_counted_with_its_error() -> None:
    visit = only(
        [
            event(1, 0, "TaskStateEntered", name="A", input='{"ü": 1}'),
            event(2, 1, "TaskScheduled"),
            event(3, 2, "TaskFailed", error="Throttled", cause="slowly"),
            event(4, 3, "TaskScheduled"),
            event(5, 4, "TaskTimedOut", error="States.Timeout"),
            event(6, 5, "LambdaFunctionScheduled"),
            event(7, 6, "LambdaFunctionFailed"),
            event(8, 7, "TaskScheduled"),
            event(9, 8, "TaskSucceeded"),
            event(10, 9, "TaskStateExited", name="A", output="[]"),
        ]
    )
    assert (visit.status, visit.tries, visit.input_bytes, visit.output_bytes) == ("succeeded", 4, 9, 2)
    errors = [Problem("Throttled", "slowly"), Problem("States.Timeout"), Problem("LambdaFunctionFailed")]
    assert list(visit.problems) == errors


def test_an_event_belongs_to_its_own_branch_where_branches_run_side_by_side() -> None:
    events = [
        event(1, 0, "ParallelStateEntered", name="Both"),
        event(2, 1, "ParallelStateStarted"),
        event(3, 2, "TaskStateEntered", name="A"),
        event(4, 2, "TaskStateEntered", name="B"),
        event(5, 3, "TaskScheduled"),
        event(6, 4, "TaskScheduled"),
        event(7, 5, "TaskFailed", error="Odd"),
        event(8, 6, "TaskSucceeded"),
        event(9, 8, "TaskStateExited", name="B"),
        event(10, 7, "TaskScheduled"),
        event(11, 10, "TaskSucceeded"),
        event(12, 11, "TaskStateExited", name="A"),
        event(13, 12, "ParallelStateSucceeded"),
        event(14, 13, "ParallelStateExited", name="Both"),
    ]
    found = {visit.name: visit for visit in visits_of(events)}
    assert [found[name].seconds for name in ("Both", "A", "B")] == [13, 9, 5]
    assert [found[name].tries for name in ("Both", "A", "B")] == [0, 2, 1]
    assert {name for name, visit in found.items() if visit.problems} == {"A"}


def test_a_map_has_a_visit_for_each_iteration() -> None:
    events = [event(1, 0, "MapStateEntered", name="Each"), event(2, 1, "MapStateStarted")]
    for start in (3, 7):
        events += [
            event(start, 2, "MapIterationStarted", name="Each"),
            event(start + 1, start, "TaskStateEntered", name="One"),
            event(start + 2, start + 1, "TaskStateExited", name="One"),
            event(start + 3, start + 2, "MapIterationSucceeded", name="Each"),
        ]
    events += [event(11, 10, "MapStateSucceeded"), event(12, 11, "MapStateExited", name="Each")]
    found = visits_of(events)
    assert [visit.name for visit in found] == ["Each", "One", "One"]
    assert {visit.status for visit in found} == {"succeeded"}


def test_a_distributed_map_names_its_run_and_why_it_failed() -> None:
    visit = only(
        [
            event(1, 0, "MapStateEntered", name="All"),
            event(2, 1, "MapStateStarted"),
            event(3, 2, "MapRunStarted", mapRunArn="arn:run"),
            event(4, 3, "MapRunFailed", error="States.ExceedToleratedFailureThreshold"),
            event(5, 4, "MapStateFailed"),
            event(6, 5, "ExecutionFailed", error="States.ExceedToleratedFailureThreshold"),
        ]
    )
    assert (visit.status, visit.map_run) == ("failed", "arn:run")
    assert [each.error for each in visit.problems] == ["States.ExceedToleratedFailureThreshold"]


def test_a_state_that_an_execution_fails_in_has_its_error() -> None:
    visit = only(
        [
            event(1, 0, "FailStateEntered", name="No"),
            event(2, 1, "ExecutionFailed", error="PhotoForbidden", cause="not for you"),
        ]
    )
    assert visit.problems == (Problem("PhotoForbidden", "not for you"),)


def test_a_state_that_was_redriven_ends_well() -> None:
    visit = only(
        [
            event(1, 0, "TaskStateEntered", name="A"),
            event(2, 1, "TaskScheduled"),
            event(3, 2, "TaskFailed", error="Odd"),
            event(4, 3, "ExecutionFailed", error="Odd"),
            event(5, 4, "ExecutionRedriven"),
            event(6, 3, "TaskScheduled"),
            event(7, 6, "TaskSucceeded"),
            event(8, 7, "TaskStateExited", name="A"),
        ]
    )
    assert (visit.status, visit.tries, len(visit.problems)) == ("succeeded", 2, 1)


@pytest.mark.parametrize("details", [{}, {"input": '{"a', "inputDetails": {"truncated": True}}])
def test_a_size_is_not_made_up(details: dict[str, Any]) -> None:
    assert only([event(1, 0, "PassStateEntered", name="A", **details)]).input_bytes is None


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
