"""What an execution does when it is stopped."""

from threading import Event

from unit.local.sagemaker.pipelines.executions import SECONDS, an_execution, statuses, step

from local.protocol.errors import JobError
from local.protocol.json_types import Record
from local.sagemaker.pipelines.definition import Resolver
from local.sagemaker.pipelines.steps import StepRun


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


def test_a_step_that_waits_for_its_turn_is_cancelled_when_the_execution_is_stopped() -> None:
    started, stopped = Event(), Event()
    cancelled: dict[str, bool] = {}

    def run_step(run: StepRun, _: Resolver) -> Record:
        started.set()
        assert stopped.wait(SECONDS)
        cancelled[run.step.name] = run.cancelled
        raise JobError("it ended early")

    execution = an_execution(step("Runs"), step("Waits"), at_once=1)
    execution.start(run_step)
    assert started.wait(SECONDS)
    execution.stop()
    assert statuses(execution) == {"Runs": "Stopping"}
    assert execution.record["PipelineExecutionStatus"] == "Stopping"
    stopped.set()
    assert execution.ended.wait(SECONDS)
    assert cancelled == {"Runs": True, "Waits": True}
    assert statuses(execution) == {"Runs": "Stopped", "Waits": "Stopped"}
    assert execution.record["PipelineExecutionStatus"] == "Stopped"
    assert "FailureReason" not in execution.record


def test_a_step_that_has_ended_is_not_stopped() -> None:
    started, stopped = Event(), Event()

    def run_step(run: StepRun, _: Resolver) -> Record:
        if run.step.name == "Runs":
            started.set()
            assert stopped.wait(SECONDS)
        return {}

    execution = an_execution(step("Ends"), step("Runs", DependsOn=["Ends"]))
    execution.start(run_step)
    assert started.wait(SECONDS)
    execution.stop()
    assert statuses(execution) == {"Ends": "Succeeded", "Runs": "Stopping"}
    stopped.set()
    assert execution.ended.wait(SECONDS)
