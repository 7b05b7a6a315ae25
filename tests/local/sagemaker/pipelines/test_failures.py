"""How executions of a pipeline end that do not succeed, and what they say."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.sagemaker.support import definition, output, processing, steps_of, training
from tests.local.support import ROLE

pytestmark = pytest.mark.isolation
Run = Callable[..., dict[str, Any]]


def test_a_failing_job_fails_the_execution_with_its_reason(run: Run) -> None:
    done = run(
        definition(
            [
                processing("Bad", "echo left > /opt/ml/processing/out/x; echo disk is full >&2; exit 3"),
                processing("After", "true", [output("Bad")]),
            ]
        )
    )
    assert done["PipelineExecutionStatus"] == "Failed"
    assert done["steps"].keys() == {"Bad"}
    assert done["steps"]["Bad"]["FailureReason"] == "AlgorithmError: disk is full, exit code 3"
    assert "Bad: AlgorithmError: disk is full, exit code 3" in done["FailureReason"]


def test_a_fail_step_says_why(run: Run) -> None:
    message = {"Std:Join": {"On": " ", "Values": ["accuracy", 0.5, "is below", {"Get": "Parameters.Least"}]}}
    steps = [{"Name": "TooBad", "Type": "Fail", "Arguments": {"ErrorMessage": message}}]
    done = run(definition(steps, [{"Name": "Least", "Type": "Float", "DefaultValue": 0.8}]))
    assert done["PipelineExecutionStatus"] == "Failed"
    assert done["steps"]["TooBad"]["Metadata"] == {"Fail": {"ErrorMessage": "accuracy 0.5 is below 0.8"}}
    assert "accuracy 0.5 is below 0.8" in done["FailureReason"]


def test_a_killed_training_process_fails_the_execution(run: Run, s3: Any) -> None:
    done = run(definition([training("Train", "import os; os.kill(os.getpid(), 9)", s3)]), seconds=20)
    assert done["PipelineExecutionStatus"] == "Failed"
    assert "killed by signal 9" in done["steps"]["Train"]["FailureReason"]
    assert "killed by signal 9" in done["FailureReason"]


def test_stop_kills_the_running_job(sagemaker: Any, wait: Any) -> None:
    text = definition([processing("Long", "sleep 600"), processing("After", "true", [output("Long")])])
    sagemaker.create_pipeline(PipelineName="to-stop", PipelineDefinition=text, RoleArn=ROLE)
    arn = sagemaker.start_pipeline_execution(PipelineName="to-stop")["PipelineExecutionArn"]
    wait(lambda: {"started": any("Metadata" in step for step in steps_of(sagemaker, arn))}, "started", True)
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
    describe = lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
    wait(describe, "PipelineExecutionStatus", "Stopped", seconds=20)
    (step,) = steps_of(sagemaker, arn)
    assert step["StepStatus"] == "Stopped"
    name = step["Metadata"]["ProcessingJob"]["Arn"].rpartition("/")[2]
    assert sagemaker.describe_processing_job(ProcessingJobName=name)["ProcessingJobStatus"] == "Stopped"
    with pytest.raises(ClientError, match="ConflictException"):
        sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn)
