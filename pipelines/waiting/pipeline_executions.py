"""Follows a pipeline execution until it ends, and explains a failure with the last lines of the job's log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from pipelines.aws import Aws
from pipelines.errors import NO_REASON, PipelineFailedError, QualityGateError, WaitTimeoutError
from pipelines.waiting.polling import CLOCK, Clock, poll

POLL_SECONDS = 0.5
LOG_LINES = 20
ENDED = ("Succeeded", "Failed", "Stopped")
LOG_GROUPS = {"TrainingJob": "/aws/sagemaker/TrainingJobs", "ProcessingJob": "/aws/sagemaker/ProcessingJobs"}


@dataclass(frozen=True)
class Step:
    """A step of a pipeline execution, as ListPipelineExecutionSteps describes it."""

    name: str
    status: str
    started: datetime | None
    ended: datetime | None
    reused_from: str | None
    failure: str | None
    metadata: dict[str, Any]

    @property
    def seconds(self) -> float | None:
        """How long the step took; None while it runs."""
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
    """A pipeline execution that has succeeded, and its steps."""

    arn: str
    steps: Sequence[Step]

    def step(self, name: str) -> Step:
        """The step of that name.

        Raises:
            PipelineFailedError: the execution has not run such a step.
        """
        for step in self.steps:
            if step.name == name:
                return step
        raise PipelineFailedError(f"{self.arn} has not run the step {name}")


Show = Callable[[Sequence[Step]], None]


def follow(aws: Aws, arn: str, timeout_seconds: float, show: Show, clock: Clock = CLOCK) -> Execution:
    """Waits until a pipeline execution has ended, and calls `show` with its steps in the meantime.

    Raises:
        QualityGateError: the pipeline's FailStep ended the execution.
        PipelineFailedError: a step failed, or the execution was stopped; the message has the end of the job's log.
        WaitTimeoutError: the execution still runs after the given time. It is not stopped.
    """

    def ended() -> dict[str, Any] | None:
        execution: dict[str, Any] = aws.sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
        show(list_steps(aws, arn))
        return execution if execution["PipelineExecutionStatus"] in ENDED else None

    execution = poll(ended, timeout_seconds, POLL_SECONDS, clock)
    if execution is None:
        raise WaitTimeoutError(f"{arn} still runs after {timeout_seconds:.0f} s (pipeline.timeout_minutes)")
    steps = list_steps(aws, arn)
    if execution["PipelineExecutionStatus"] != "Succeeded":
        raise _explain(aws, execution, steps)
    return Execution(arn, steps)


def list_steps(aws: Aws, arn: str) -> list[Step]:
    """The steps that have started so far, oldest first."""
    pages = aws.sagemaker.get_paginator("list_pipeline_execution_steps").paginate(
        PipelineExecutionArn=arn, SortOrder="Ascending"
    )
    return [_step(each) for page in pages for each in page["PipelineExecutionSteps"]]


def job_outputs(aws: Aws, step: Step) -> dict[str, str]:
    """S3 URIs of a processing step's outputs by name. For a reused step they are those of the earlier job.

    Raises:
        PipelineFailedError: the step ran no processing job.
    """
    if step.job is None or step.job[0] != "ProcessingJob":
        raise PipelineFailedError(f"the step {step.name} ran no processing job, so it has no outputs")
    job = aws.sagemaker.describe_processing_job(ProcessingJobName=step.job[1])
    return {each["OutputName"]: each["S3Output"]["S3Uri"] for each in job["ProcessingOutputConfig"]["Outputs"]}


def log_tail(aws: Aws, step: Step, lines: int = LOG_LINES) -> list[str]:
    """The last lines of the step's job in CloudWatch Logs; none if there is no job or no log."""
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
        ended = "was stopped" if execution["PipelineExecutionStatus"] == "Stopped" else "failed"
        reason = execution.get("FailureReason") or NO_REASON
        return PipelineFailedError(f"the pipeline execution {ended}: {reason}")
    failure = failed.failure or NO_REASON
    if "Fail" in failed.metadata:
        return QualityGateError(f"{failed.name}: {failed.metadata['Fail'].get('ErrorMessage') or failure}")
    log = "".join(f"\n  | {line}" for line in log_tail(aws, failed))
    return PipelineFailedError(f"the step {failed.name} failed: {failure}" + (f"\nIts log ends:{log}" if log else ""))
