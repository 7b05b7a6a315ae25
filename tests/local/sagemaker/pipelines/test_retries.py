"""What runs again: a failed execution by request, a step after a fault of the service."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server.embedded import start
from tests.local.sagemaker.support import definition, processing, steps_of
from tests.local.support import BUCKET, REGION, ROLE, Hear, client, create_bucket

Run = Callable[..., dict[str, Any]]


def test_a_retry_runs_what_failed_and_what_follows(sagemaker: Any, run: Run, s3: Any, wait: Any) -> None:
    source = [f"s3://{BUCKET}/retried"]
    steps = [
        processing("First", "echo 1 > /opt/ml/processing/out/x"),
        processing("Second", "cat /opt/ml/processing/in/*", source, DependsOn=["First"]),
        processing("Third", "true", DependsOn=["Second"]),
    ]
    failed = run(definition(steps))
    assert (failed["PipelineExecutionStatus"], failed["steps"].keys()) == ("Failed", {"First", "Second"})
    arn = failed["PipelineExecutionArn"]
    s3.put_object(Bucket=BUCKET, Key="retried/x", Body=b"1")
    sagemaker.retry_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken="t" * 32)
    describe = lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
    done = wait(describe, "PipelineExecutionStatus", "Succeeded", "Failed")
    assert done["PipelineExecutionStatus"] == "Succeeded"
    assert "FailureReason" not in done
    after = {step["StepName"]: step for step in steps_of(sagemaker, arn)}
    assert after.keys() == {"First", "Second", "Third"}
    assert after["First"] == failed["steps"]["First"]
    with pytest.raises(ClientError, match=r"Failed or Stopped can be retried; this one is Succeeded"):
        sagemaker.retry_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken="u" * 32)


def test_a_fault_of_the_service_is_tried_again(run: Run, hear: Hear) -> None:
    policy = {"ExceptionType": ["SageMaker.JOB_INTERNAL_ERROR"], "IntervalSeconds": 1, "MaxAttempts": 1}
    # No process can be started with this argument, which is no fault of the job's code.
    step = processing("Odd", "true \0", RetryPolicies=[policy])
    done = run(definition([step, processing("Bad", "exit 1", RetryPolicies=[policy])]))
    assert done["steps"]["Odd"]["AttemptCount"] == 2
    assert done["steps"]["Odd"]["FailureReason"].startswith("InternalServerError: ValueError")
    assert done["steps"]["Bad"]["AttemptCount"] == 1
    hear("step Odd is tried again after: InternalServerError")


def test_a_fault_that_passes_is_survived(tmp_path: Path, wait: Any) -> None:
    policy = {
        "ExceptionType": ["SageMaker.JOB_INTERNAL_ERROR"],
        "IntervalSeconds": 1,
        "MaxAttempts": 3,
        "BackoffRate": 1,
    }
    said: list[str] = []
    with start(tmp_path, REGION, said.append) as aws:
        create_bucket(aws)
        sagemaker = client(aws, "sagemaker")
        text = definition([processing("Step", "echo 1 > /opt/ml/processing/out/x", RetryPolicies=[policy])])
        sagemaker.create_pipeline(PipelineName="retried", PipelineDefinition=text, RoleArn=ROLE)
        work = tmp_path / "work"
        work.rename(tmp_path / "away")
        work.write_text("no folder of a job can be made here")
        arn = sagemaker.start_pipeline_execution(PipelineName="retried")["PipelineExecutionArn"]
        wait(
            lambda: {"again": any("is tried again after: InternalServerError" in line for line in said)}, "again", True
        )
        work.unlink()
        (tmp_path / "away").rename(work)
        describe = lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
        done = wait(describe, "PipelineExecutionStatus", "Succeeded", "Failed")
        (step,) = steps_of(sagemaker, arn)
    assert done["PipelineExecutionStatus"] == "Succeeded", done["FailureReason"]
    assert (step["StepStatus"], "FailureReason" in step) == ("Succeeded", False)
    assert 2 <= step["AttemptCount"] <= 4
    assert (tmp_path / "s3" / BUCKET / "made" / arn.rpartition("/")[2] / "Step" / "x").read_text() == "1\n"
