"""Steps that are reused: cached ones, and those of an earlier execution of which only some run again."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.sagemaker.support import definition, output, processing, steps_of

CACHE = {"Enabled": True, "ExpireAfter": "P30D"}
Run = Callable[..., dict[str, Any]]


def test_a_step_is_reused_when_nothing_changed(run: Run, lines: list[str]) -> None:
    def text(environment: dict[str, str]) -> str:
        first = processing("Make", "echo 1 > /opt/ml/processing/out/x", CacheConfig=CACHE)
        first["Arguments"]["Environment"] = environment
        second = processing("Use", "cat /opt/ml/processing/in/x", [output("Make")], CacheConfig=CACHE)
        return definition([first, second])

    first = run(text({}))
    second = run(text({}))
    changed = run(text({"A": "1"}))
    source = {"SourcePipelineExecutionArn": first["PipelineExecutionArn"]}
    assert [second["steps"][name]["CacheHitResult"] for name in ("Make", "Use")] == [source, source]
    assert second["steps"]["Make"]["Metadata"] == first["steps"]["Make"]["Metadata"]
    assert "CacheHitResult" not in changed["steps"]["Make"]
    said = "\n".join(lines)
    assert "step Make reused from execution" in said
    assert "step Make started (cache miss: Environment changed since the latest run)" in said
    assert "step Use started (cache miss: ProcessingInputs changed since the latest run)" in said


def test_selected_steps_use_what_others_made_before(sagemaker: Any, run: Run, wait: Any) -> None:
    make = processing("Make", "echo 1 > /opt/ml/processing/out/x")
    first = run(definition([make, processing("Use", "cat /opt/ml/processing/in/x", [output("Make")])]))
    source = first["PipelineExecutionArn"]
    name = source.split("/")[1]

    def start(step: str) -> str:
        selection = {"SourcePipelineExecutionArn": source, "SelectedSteps": [{"StepName": step}]}
        answer = sagemaker.start_pipeline_execution(PipelineName=name, SelectiveExecutionConfig=selection)
        return str(answer["PipelineExecutionArn"])

    arn = start("Use")
    describe = lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
    assert wait(describe, "PipelineExecutionStatus", "Succeeded", "Failed")["PipelineExecutionStatus"] == "Succeeded"
    after = {step["StepName"]: step for step in steps_of(sagemaker, arn)}
    assert after["Make"]["SelectiveExecutionResult"] == {"SourcePipelineExecutionArn": source}
    assert after["Make"]["Metadata"] == first["steps"]["Make"]["Metadata"]
    assert after["Use"]["Metadata"] != first["steps"]["Use"]["Metadata"]
    with pytest.raises(ClientError, match="no step 'Nope' to select"):
        start("Nope")
