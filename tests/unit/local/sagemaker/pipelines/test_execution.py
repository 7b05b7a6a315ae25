import json
from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest

from local.protocol.errors import JobError, ServiceError
from local.protocol.json_types import Record
from local.runtime.context import now
from local.sagemaker.pipelines.definition import Resolver, parse
from local.sagemaker.pipelines.execution import Execution, RunStep
from local.sagemaker.pipelines.steps import StepRun

SECONDS = 30  # after which a test that hangs fails
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/abc123"
BROKEN = ServiceError("InternalFailure", "it broke", 500)
RETRY = [{"ExceptionType": ["Step.SERVICE_FAULT"], "IntervalSeconds": 0, "MaxAttempts": 2}]


def step(name: str, kind: str = "Lambda", **members: Any) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "Arguments": {}, **members}


def an_execution(*steps: dict[str, Any], say: Callable[[str], None] = str, at_once: int | None = None) -> Execution:
    record: Record = {
        "PipelineArn": ARN.partition("/execution")[0],
        "PipelineExecutionArn": ARN,
        "PipelineExecutionDisplayName": "execution",
        "PipelineExecutionStatus": "Executing",
        "ParallelismConfiguration": {"MaxParallelExecutionSteps": at_once} if at_once else None,
        "RoleArn": "arn:aws:iam::123456789012:role/r",
        "StartTime": now(),
    }
    definition = parse(json.dumps({"Steps": steps}))
    return Execution(record, definition, Resolver({}, {}, lambda _: b""), {}, lambda *_: None, say)


def run(execution: Execution, run_step: RunStep) -> dict[str, str]:
    """Run an execution to its end; the status of each step that was started."""
    execution.start(run_step)
    assert execution.ended.wait(SECONDS)
    return statuses(execution)


def statuses(execution: Execution) -> dict[str, str]:
    return {record["StepName"]: record["StepStatus"] for record in execution.steps}


def test_no_step_starts_after_one_has_failed() -> None:
    failed, goes_on = Event(), Event()

    def say(text: str) -> None:
        if "step Fails failed" in text:  # said once the failure is recorded
            failed.set()

    def run_step(run: StepRun, _: Resolver) -> Record:
        if run.step.name == "Fails":
            assert goes_on.wait(SECONDS)
            raise JobError("ClientError: no such photo")
        goes_on.set()
        assert failed.wait(SECONDS)
        return {}

    execution = an_execution(step("Fails"), step("GoesOn"), step("Next", DependsOn=["GoesOn"]), say=say)
    assert run(execution, run_step) == {"Fails": "Failed", "GoesOn": "Succeeded"}
    assert execution.record["PipelineExecutionStatus"] == "Failed"
    assert execution.record["FailureReason"].endswith("Fails: ClientError: no such photo")


def test_no_step_starts_after_the_execution_was_stopped() -> None:
    started, cancelled = Event(), Event()

    def run_step(run: StepRun, _: Resolver) -> Record:
        run.cancel = cancelled.set
        started.set()
        assert cancelled.wait(SECONDS)
        return {}

    execution = an_execution(step("Runs"), step("Next", DependsOn=["Runs"]))
    execution.start(run_step)
    assert started.wait(SECONDS)
    execution.stop()
    assert execution.ended.wait(SECONDS)
    assert statuses(execution).keys() == {"Runs"}
    assert execution.record["PipelineExecutionStatus"] == "Stopped"


def test_a_retried_execution_runs_what_failed_and_what_follows() -> None:
    names: list[str] = []
    broken = True

    def run_step(run: StepRun, _: Resolver) -> Record:
        names.append(run.step.name)
        if run.step.name == "B" and broken:
            raise JobError("ClientError: no")
        return {}

    execution = an_execution(step("A"), step("B", DependsOn=["A"]), step("C", DependsOn=["B"]))
    assert run(execution, run_step) == {"A": "Succeeded", "B": "Failed"}
    broken = False
    execution.retry(run_step)
    assert execution.ended.wait(SECONDS)
    assert names == ["A", "B", "B", "C"]
    assert statuses(execution) == {"A": "Succeeded", "B": "Succeeded", "C": "Succeeded"}
    assert execution.record["PipelineExecutionStatus"] == "Succeeded"
    assert "FailureReason" not in execution.record


def test_independent_steps_run_at_the_same_time() -> None:
    together = Barrier(2, timeout=SECONDS)

    def run_step(*_: Any) -> Record:
        together.wait()
        return {}

    assert run(an_execution(step("A"), step("B")), run_step) == {"A": "Succeeded", "B": "Succeeded"}


def test_no_more_steps_at_once_than_the_parallelism_configuration_allows() -> None:
    meeting = Barrier(2)
    met: list[str] = []

    def run_step(run: StepRun, _: Resolver) -> Record:
        with suppress(BrokenBarrierError):  # nobody came
            meeting.wait(0.2)
            met.append(run.step.name)
        return {}

    assert run(an_execution(step("A"), step("B"), at_once=1), run_step) == {"A": "Succeeded", "B": "Succeeded"}
    assert met == []


@pytest.mark.parametrize(("outcome", "taken", "left"), [("True", "Yes", "No"), ("False", "No", "Yes")])
def test_only_the_taken_branch_of_a_condition_runs(outcome: str, taken: str, left: str) -> None:
    branches = {"Conditions": [], "IfSteps": [step("Yes")], "ElseSteps": [step("No")]}
    condition = step("Choose", "Condition") | {"Arguments": branches}
    ran = run(an_execution(condition), lambda *_: {"Outcome": outcome})
    assert ran == {"Choose": "Succeeded", taken: "Succeeded"}
    assert left not in ran


@pytest.mark.parametrize(("faults", "status", "attempts"), [(2, "Succeeded", 3), (3, "Failed", 3), (0, "Succeeded", 1)])
def test_a_step_is_tried_again_as_its_retry_policy_says(faults: int, status: str, attempts: int) -> None:
    left = [BROKEN] * faults

    def run_step(*_: Any) -> Record:
        if left:
            raise left.pop()
        return {}

    execution = an_execution(step("A", RetryPolicies=RETRY))
    assert run(execution, run_step) == {"A": status}
    assert execution.steps[0]["AttemptCount"] == attempts


def test_a_fault_that_no_policy_names_is_not_tried_again() -> None:
    calls: list[str] = []

    def run_step(run: StepRun, _: Resolver) -> Record:
        calls.append(run.step.name)
        raise JobError("AlgorithmError: exit code 1")

    assert run(an_execution(step("A", RetryPolicies=RETRY)), run_step) == {"A": "Failed"}
    assert calls == ["A"]
