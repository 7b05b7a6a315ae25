"""Which steps run again: those that follow a failure, or those that were selected."""

import pytest
from unit.local.sagemaker.pipelines.executions import SECONDS, an_execution, run, statuses, step, succeed

from local.protocol.errors import DefinitionError, JobError
from local.protocol.json_types import Record
from local.sagemaker.pipelines.definition import Resolver
from local.sagemaker.pipelines.steps import StepRun


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


def test_a_stopped_execution_can_be_retried() -> None:
    execution = an_execution(step("A"))
    execution.stop()
    assert run(execution, succeed) == {}
    execution.retry(succeed)
    assert execution.ended.wait(SECONDS)
    assert statuses(execution) == {"A": "Succeeded"}


CHAIN = [step("A"), step("B", DependsOn=["A"]), step("C", Arguments={"from": {"Get": "Steps.B.Made"}})]


def test_selected_steps_run_with_what_the_others_made_before() -> None:
    source = an_execution(*CHAIN)
    run(source, lambda run, _: {"Made": f"{run.step.name} of the source"})
    ran: list[Record] = []

    def run_step(run: StepRun, _: Resolver) -> Record:
        ran.append(run.arguments)
        return {}

    execution = an_execution(*CHAIN, arn="arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/later")
    execution.select({"C"}, source)
    assert run(execution, run_step) == {"A": "Succeeded", "B": "Succeeded", "C": "Succeeded"}
    assert ran == [{"from": "B of the source"}]
    taken = {"SourcePipelineExecutionArn": source.record["PipelineExecutionArn"]}
    assert [record.get("SelectiveExecutionResult") for record in execution.steps] == [taken, taken, None]


def test_the_selection_has_to_fit_both_executions() -> None:
    source = an_execution(*CHAIN)
    with pytest.raises(DefinitionError, match="The pipeline has no step 'D' to select"):
        an_execution(*CHAIN).select({"C", "D", "E"}, source)
    with pytest.raises(DefinitionError, match="The step 'A' is needed, but did not succeed"):
        an_execution(*CHAIN).select({"B", "C"}, source)
    run(source, succeed)
    an_execution(*CHAIN).select({"B", "C"}, source)
