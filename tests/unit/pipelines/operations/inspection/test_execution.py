"""Looking at an execution, and what the terminal shows of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber
from rich.console import Console
from unit.pipelines.history_events import START, event

from pipelines.aws import Aws
from pipelines.console.progress import Progress
from pipelines.errors import DataError
from pipelines.operations.inspection.execution import look
from pipelines.operations.inspection.execution_table import errors, heading, table
from pipelines.operations.inspection.map_runs import STATUSES
from pipelines.operations.workplace import Workplace
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

ARN = "arn:aws:states:eu-west-1:123456789012:execution:scones-unlimited-local-inference:upload-1"
MACHINE = ARN.replace(":execution:", ":stateMachine:").removesuffix(":upload-1")
RUN = "arn:aws:states:eu-west-1:123456789012:mapRun:scones-unlimited-local-batch/Photos:1"
DEFINITION = {"StartAt": "Photos", "States": {"Photos": {"Type": "Map", "ItemProcessor": {}, "End": True}}}
EVENTS = [
    event(1, 0, "MapStateEntered", name="Photos", input="{}"),
    event(2, 1, "MapRunStarted", mapRunArn=RUN),
    event(3, 2, "MapRunFailed", error="States.Runtime", cause="no"),
    event(4, 3, "MapStateExited", name="Photos", output="[1,2]"),
]
CHILD = RUN.replace(":mapRun:", ":execution:")
CHILD_EVENTS = [
    event(1, 0, "TaskStateEntered", name="Classify", input="{}"),
    event(2, 1, "ExecutionFailed", error="EndpointFailed", cause="too warm"),
]
COUNTS = dict.fromkeys(
    ("pending", "running", "succeeded", "failed", "timedOut", "aborted", "total", "resultsWritten"), 0
)


@pytest.fixture
def work(aws: Aws, settings: Settings, names: Names, tmp_path: Path) -> Workplace:
    return Workplace(settings, names, aws, tmp_path, Progress(Console()))


def answer(stepfunctions: Stubber, child: str | None = CHILD, **described: Any) -> None:
    execution = {"executionArn": ARN, "stateMachineArn": MACHINE, "name": "upload-1", "startDate": START}
    stepfunctions.add_response("describe_execution", {**execution, **described}, {"executionArn": ARN})
    machine = {"stateMachineArn": MACHINE, "name": "inference", "roleArn": MACHINE, "updateDate": START}
    definition = {**machine, "definition": json.dumps(DEFINITION)}
    stepfunctions.add_response("describe_state_machine_for_execution", definition, {"executionArn": ARN})
    stepfunctions.add_response("get_execution_history", {"events": EVENTS}, {"executionArn": ARN})
    times = {"startDate": START, "maxConcurrency": 1, "toleratedFailurePercentage": 0.0, "toleratedFailureCount": 0}
    run = {"mapRunArn": RUN, "executionArn": ARN, "status": "FAILED", **times}
    counts = {**COUNTS, "total": 3, "succeeded": 1, "timedOut": 2}
    children = {**COUNTS, "total": 2, "failed": 1, "pending": 1}
    stepfunctions.add_response(
        "describe_map_run", {**run, "itemCounts": counts, "executionCounts": children}, {"mapRunArn": RUN}
    )
    failed = {
        "executionArn": child or "",
        "stateMachineArn": MACHINE,
        "name": "c",
        "status": "FAILED",
        "startDate": START,
    }
    for status in STATUSES:
        asked = {"mapRunArn": RUN, "statusFilter": status, "maxResults": 1000}
        found = {"executions": [failed] if child and status == "FAILED" else []}
        stepfunctions.add_response("list_executions", found, asked)
    if child == CHILD:
        stepfunctions.add_response("get_execution_history", {"events": CHILD_EVENTS}, {"executionArn": CHILD})


def shown(*parts: Any) -> list[str]:
    console = Console(width=120, record=True)
    for part in parts:
        console.print(part, soft_wrap=True)
    return [line.rstrip() for line in console.export_text().splitlines()]


@pytest.mark.parametrize("given", [ARN, "upload-1"])
def test_an_execution_is_found_by_arn_and_by_name(given: str, work: Workplace, stepfunctions: Stubber) -> None:
    answer(stepfunctions, status="RUNNING")
    seen = look(work, given)
    assert (seen.name, seen.status, seen.ended, seen.definition) == ("upload-1", "RUNNING", None, DEFINITION)
    assert seen.runs["Photos"].items == {
        "total": 3,
        "succeeded": 1,
        "failed": 0,
        "aborted": 0,
        "timed out": 2,
        "running": 0,
        "pending": 0,
    }
    assert "3 items: 1 succeeded, 2 timed out" in seen.picture


def test_the_terminal_shows_the_same(work: Workplace, stepfunctions: Stubber) -> None:
    cause = json.dumps({"errorMessage": "nobody knows"})
    answer(stepfunctions, status="FAILED", stopDate=EVENTS[-1]["timestamp"], error="Odd", cause=cause)
    seen = look(work, ARN)
    first, reason, *lines = shown(heading(seen), table(seen), *errors(seen))
    assert first.startswith("upload-1  FAILED after 4.00 s, started 20")
    assert reason == "Odd: nobody knows"
    assert [" ".join(line.split()) for line in lines] == [
        "State Outcome Begins Takes In → out Tries",
        "Photos caught +1.00 s 3.00 s 2 B → 5 B",
        "3 items: 1 succeeded, 2 timed out",
        "2 children: 1 failed, 1 pending",
        "read: 1 of them, failures first",
        "› Classify failed +1.00 s 1.00 s 2 B → ?",
        "Photos: States.Runtime: no",
        "Classify: EndpointFailed: too warm",
    ]


def test_children_of_long_ago_are_gone(work: Workplace, stepfunctions: Stubber) -> None:
    answer(stepfunctions, None, status="SUCCEEDED")
    assert " ".join(shown(table(look(work, ARN)))[-1].split()) == "their states are not kept any more"


def test_express_children_have_no_states(work: Workplace, stepfunctions: Stubber) -> None:
    answer(stepfunctions, CHILD.replace(":execution:", ":express:"), status="RUNNING")
    lines = [" ".join(line.split()) for line in shown(table(look(work, ARN)))]
    assert lines[-2:] == ["2 children: 1 failed, 1 pending", "express: their states are not kept"]


@pytest.mark.parametrize("code", ["ExecutionDoesNotExist", "InvalidArn"])
def test_an_execution_that_is_not_there(code: str, work: Workplace, stepfunctions: Stubber) -> None:
    for machine in ("inference", "batch"):
        arn = ARN.replace("-inference:upload-1", f"-{machine}:typo")
        stepfunctions.add_client_error("describe_execution", code, expected_params={"executionArn": arn})
    with pytest.raises(DataError, match=r"there is no execution typo\. Give an ARN, or"):
        look(work, "typo")


def test_an_express_execution_has_no_history(work: Workplace) -> None:
    with pytest.raises(DataError, match="express"):
        look(work, ARN.replace(":execution:", ":express:"))
