"""Once a step has failed, no other step of the execution starts."""

import json
from typing import Any

from local.protocol.errors import JobError
from local.runtime.context import now
from local.sagemaker.pipelines.definition import Resolver, parse
from local.sagemaker.pipelines.execution import Execution
from local.sagemaker.pipelines.steps import StepRun


def execution(needs: dict[str, list[str]]) -> Execution:
    """An execution that runs one step at a time; `needs` names, for each step, the steps that it depends on."""
    steps = [{"Name": name, "Type": "Fail", "Arguments": {}, "DependsOn": others} for name, others in needs.items()]
    arn = "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/scones/execution/first"
    record = {
        "PipelineArn": arn.rpartition("/execution")[0],
        "PipelineExecutionArn": arn,
        "PipelineExecutionDisplayName": "first",
        "PipelineExecutionStatus": "Executing",
        "RoleArn": "arn:aws:iam::111122223333:role/pipeline",
        "StartTime": now(),
        "ParallelismConfiguration": {"MaxParallelExecutionSteps": 1},
    }
    definition = parse(json.dumps({"Version": "2020-12-01", "Parameters": [], "Steps": steps}))
    resolver = Resolver({}, {}, lambda _: b"")
    return Execution(record, definition, resolver, {}, lambda *_: None, lambda _: None)


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
    found = execution({"First": [], "Second": [], "AfterSecond": ["Second"]})
    found.start(run_step)
    assert found.ended.wait(30)
    return seen, found.record["PipelineExecutionStatus"]


def test_no_step_starts_after_a_failure() -> None:
    assert tried(failing=None) == (["First", "Second", "AfterSecond"], "Succeeded")
    assert tried(failing="First") == (["First", "Second"], "Failed")
