"""Follows a pipeline execution to its end, and explains a failure with the end of the job's log."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.errors import PipelineFailedError, QualityGateError, WaitTimeoutError

POLL_SECONDS = 0.5
LOG_LINES = 20
ENDED = ("Succeeded", "Failed", "Stopped")
LOG_GROUPS = {"TrainingJob": "/aws/sagemaker/TrainingJobs", "ProcessingJob": "/aws/sagemaker/ProcessingJobs"}


@dataclass(frozen=True)
class Step:
    """A step of a pipeline execution as ListPipelineExecutionSteps tells it."""

    name: str
    status: str
    started: datetime | None
    ended: datetime | None
    reused_from: str | None
    failure: str | None
    metadata: dict[str, Any]

    @property
    def seconds(self) -> float | None:
        """How long the step took, or None while it runs."""
        return (self.ended - self.started).total_seconds() if self.started and self.ended else None

    @property
    def job(self) -> tuple[str, str] | None:
        """Kind (`TrainingJob`, `ProcessingJob`) and name of the job behind the step."""
        for kind in LOG_GROUPS:
            if arn := self.metadata.get(kind, {}).get("Arn"):
                return kind, arn.rpartition("/")[2]
        return None


@dataclass(frozen=True)
class Execution:
    """A pipeline execution that has ended well, and its steps."""

    arn: str
    steps: Sequence[Step]

    def step(self, name: str) -> Step:
        """The step of that name."""
        return next(step for step in self.steps if step.name == name)


Show = Callable[[Sequence[Step]], None]


def follow(aws: Aws, arn: str, timeout_seconds: float, show: Show) -> Execution:
    """Waits until a pipeline execution has ended, showing its steps on the way.

    Raises:
        QualityGateError: the pipeline's FailStep ended it.
        PipelineFailedError: a step failed, or the execution was stopped; with the end of the job's log.
        WaitTimeoutError: it still runs after the given time, and goes on running.
    """
    deadline = time.monotonic() + timeout_seconds
    while True:
        execution = aws.sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
        steps = list_steps(aws, arn)
        show(steps)
        if execution["PipelineExecutionStatus"] in ENDED:
            break
        if time.monotonic() > deadline:
            raise WaitTimeoutError(f"{arn} still runs after {timeout_seconds:.0f} s (pipeline.timeout_minutes)")
        time.sleep(POLL_SECONDS)
    if execution["PipelineExecutionStatus"] != "Succeeded":
        raise _explain(aws, execution, steps)
    return Execution(arn, steps)


def list_steps(aws: Aws, arn: str) -> list[Step]:
    """The steps that have begun so far, oldest first."""
    pages = aws.sagemaker.get_paginator("list_pipeline_execution_steps").paginate(
        PipelineExecutionArn=arn, SortOrder="Ascending"
    )
    return [_step(each) for page in pages for each in page["PipelineExecutionSteps"]]


def job_outputs(aws: Aws, step: Step) -> dict[str, str]:
    """S3 URIs of a processing step's outputs by name; those of the reused job when the step was not run again."""
    kind, name = step.job or ("", "")
    if kind != "ProcessingJob":
        raise PipelineFailedError(f"the step {step.name} names no processing job, so its outputs cannot be found")
    job = aws.sagemaker.describe_processing_job(ProcessingJobName=name)
    return {each["OutputName"]: each["S3Output"]["S3Uri"] for each in job["ProcessingOutputConfig"]["Outputs"]}


def log_tail(aws: Aws, step: Step, lines: int = LOG_LINES) -> list[str]:
    """The last lines of a job's log in CloudWatch Logs; none where the step has no job or the job no log."""
    if step.job is None:
        return []
    kind, name = step.job
    group = LOG_GROUPS[kind]
    try:
        found = aws.logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{name}/", limit=1)
        for stream in found["logStreams"]:
            events = aws.logs.get_log_events(
                logGroupName=group, logStreamName=stream["logStreamName"], limit=lines, startFromHead=False
            )
            return [event["message"].rstrip("\n") for event in events["events"]]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
    return []


def _step(described: dict[str, Any]) -> Step:
    return Step(
        name=described["StepName"],
        status=described["StepStatus"],
        started=described.get("StartTime"),
        ended=described.get("EndTime"),
        reused_from=described.get("CacheHitResult", {}).get("SourcePipelineExecutionArn"),
        failure=described.get("FailureReason"),
        metadata=described.get("Metadata", {}),
    )


def _explain(aws: Aws, execution: dict[str, Any], steps: Sequence[Step]) -> PipelineFailedError:
    failed = next((step for step in steps if step.status == "Failed"), None)
    if failed is None:
        reason = execution.get("FailureReason", "")
        return PipelineFailedError(f"the pipeline execution {execution['PipelineExecutionStatus'].lower()}: {reason}")
    if "Fail" in failed.metadata:
        return QualityGateError(f"{failed.name}: {failed.metadata['Fail'].get('ErrorMessage', failed.failure)}")
    log = "".join(f"\n  | {line}" for line in log_tail(aws, failed))
    return PipelineFailedError(
        f"the step {failed.name} failed: {failed.failure}" + (f"\nIts log ends:{log}" if log else "")
    )
