"""Once a step has failed, no other step of the execution starts."""

from typing import Any

from unit.local.sagemaker.pipelines.executions import an_execution, run, step

from local.protocol.errors import JobError
from local.sagemaker.pipelines.definition import Resolver
from local.sagemaker.pipelines.steps import StepRun


def tried(failing: str | None) -> tuple[list[str], str]:
    """The steps that an execution starts, and its status, where the first of two steps fails or does not."""
    seen: list[str] = []

    def run_step(run: StepRun, _: Resolver) -> dict[str, Any]:
        seen.append(run.step.name)
        if run.step.name == failing:
            raise JobError("AlgorithmError: broken")
        return {}

    # Two of the steps are ready at once and wait for the same worker. The last one needs only the second of them,
    # which succeeds after the first has failed.
    steps = step("First"), step("Second"), step("AfterSecond", DependsOn=["Second"])
    execution = an_execution(*steps, at_once=1)
    run(execution, run_step)
    return seen, execution.record["PipelineExecutionStatus"]


def test_no_step_starts_after_a_failure() -> None:
    assert tried(failing=None) == (["First", "Second", "AfterSecond"], "Succeeded")
    assert tried(failing="First") == (["First", "Second"], "Failed")
