"""What an execution has done is kept while the local AWS is not running."""

from copy import deepcopy
from threading import Event
from typing import Any

from unit.local.sagemaker.pipelines.executions import SECONDS, WatchedExecution, an_execution, run, statuses, step

from local.protocol.errors import JobError
from local.protocol.json_types import Record
from local.sagemaker.pipelines.definition import Resolver
from local.sagemaker.pipelines.execution import Execution
from local.sagemaker.pipelines.steps import StepRun

STEPS = (
    step("A"),
    step("B", DependsOn=["A"], Arguments={"Of": {"Get": "Steps.A.Made"}}),
    step("C", DependsOn=["B"]),
)


def again(execution: Execution) -> WatchedExecution:
    """The execution after the local AWS has ended and begun again."""
    kept = deepcopy(execution.remember())
    found = an_execution(*STEPS)
    found.record = kept["record"]
    found.recall(kept)
    return found


def breaks_at_b(run: StepRun, _: Resolver) -> Record:
    if run.step.name == "B":
        raise JobError("ClientError: no")
    return {"Made": "by A"}


def test_an_execution_that_had_ended_is_as_it_was_and_can_be_retried() -> None:
    failed = an_execution(*STEPS)
    run(failed, breaks_at_b)
    found = again(failed)
    assert found.ended.is_set()
    assert (found.record, found.steps) == (failed.record, failed.steps)
    seen: dict[str, Any] = {}

    def run_step(run: StepRun, _: Resolver) -> Record:
        seen[run.step.name] = run.arguments
        return {}

    found.retry(run_step)
    assert found.ended.wait(SECONDS)
    assert seen == {"B": {"Of": "by A"}, "C": {}}
    assert statuses(found) == {"A": "Succeeded", "B": "Succeeded", "C": "Succeeded"}


def test_an_execution_that_was_running_has_failed() -> None:
    started, goes_on = Event(), Event()

    def run_step(run: StepRun, _: Resolver) -> Record:
        if run.step.name == "B":
            started.set()
            assert goes_on.wait(SECONDS)
        return {"Made": "by A"}

    running = an_execution(*STEPS)
    running.start(run_step)
    assert started.wait(SECONDS)
    found = again(running)
    goes_on.set()
    assert statuses(found) == {"A": "Succeeded", "B": "Failed"}
    assert found.record["PipelineExecutionStatus"] == "Failed"
    assert found.ended.is_set()
    assert running.ended.wait(SECONDS)
    assert statuses(running) == {"A": "Succeeded", "B": "Succeeded", "C": "Succeeded"}


def test_a_selection_is_kept() -> None:
    source, selected = an_execution(*STEPS), an_execution(*STEPS)
    run(source, lambda *_: {"Made": "by A"})
    selected.select({"B"}, source)
    assert run(selected, breaks_at_b) == {"A": "Succeeded", "B": "Failed", "C": "Succeeded"}
    found, names = again(selected), list[str]()

    def run_step(run: StepRun, _: Resolver) -> Record:
        names.append(run.step.name)
        return {}

    found.retry(run_step)
    assert found.ended.wait(SECONDS)
    assert names == ["B"]
