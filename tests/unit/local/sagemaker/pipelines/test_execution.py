"""Which steps of an execution run, and when."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event
from typing import Any

import pytest
from unit.local.sagemaker.pipelines.executions import SECONDS, an_execution, run, step, succeed

from local.protocol.errors import JobError, ServiceError
from local.protocol.json_types import Record
from local.sagemaker.pipelines.definition import Resolver
from local.sagemaker.pipelines.execution import STEPS_AT_ONCE
from local.sagemaker.pipelines.steps import StepRun

BROKEN = ServiceError("InternalFailure", "it broke", 500)
RETRY = [{"ExceptionType": ["Step.SERVICE_FAULT"], "IntervalSeconds": 0, "MaxAttempts": 2, "ExpireAfterMin": 1}]


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


def test_conditions_are_resolved_only_where_they_are_tried() -> None:
    unknown = {"Type": "Equals", "LeftValue": {"Get": "Parameters.Unknown"}, "RightValue": 1}
    condition = step("Choose", "Condition") | {"Arguments": {"Conditions": [unknown]}}
    assert run(an_execution(condition), lambda *_: {"Outcome": "True"}) == {"Choose": "Succeeded"}


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


def test_a_step_starts_as_soon_as_the_steps_that_it_needs_have_succeeded() -> None:
    next_started = Event()

    def run_step(run: StepRun, _: Resolver) -> Record:
        if run.step.name == "Next":
            next_started.set()
        if run.step.name == "Slow":
            assert next_started.wait(10)
        return {}

    steps = [step("Slow"), step("Quick"), step("Next", DependsOn=["Quick"])]
    assert set(run(an_execution(*steps), run_step).values()) == {"Succeeded"}


def test_fifty_steps_run_at_once_where_nothing_else_is_said() -> None:
    together = Barrier(50, timeout=10)

    def run_step(*_: Any) -> Record:
        together.wait()
        return {}

    assert STEPS_AT_ONCE == 50
    steps = [step(f"S{number}") for number in range(50)]
    assert set(run(an_execution(*steps), run_step).values()) == {"Succeeded"}


def test_an_execution_does_not_keep_the_local_aws_from_ending() -> None:
    execution = an_execution(step("A"))
    run(execution, succeed)
    assert execution.daemon


def test_an_unexpected_error_fails_the_execution_and_its_traceback_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def run_step(*_: Any) -> Record:
        raise KeyError("Outcome")

    execution = an_execution(step("A"), step("B", DependsOn=["A"]))
    assert run(execution, run_step) == {"A": "Failed"}
    assert execution.steps[0]["FailureReason"] == "InternalServerError: KeyError: 'Outcome'"
    assert execution.record["PipelineExecutionStatus"] == "Failed"
    [logged] = caplog.records
    assert logged.getMessage() == "step A"
    assert logged.exc_info is not None
    assert isinstance(logged.exc_info[1], KeyError)
