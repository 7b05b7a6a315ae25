"""The records of executions, with the shapes of SageMaker's API and events."""

import secrets
import string
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from local.protocol.json_types import Json, Record
from local.runtime.context import now

ID_LETTERS = string.ascii_lowercase + string.digits
INTERRUPTED = "InternalServerError: the local AWS ended during the execution; retry it, or start another one"


def new_record(pipeline: Record, request: Record, parameters: Record, moment: datetime) -> Record:
    """The initial answer of DescribePipelineExecution. The request's members override the pipeline's."""
    identifier = "".join(secrets.choice(ID_LETTERS) for _ in range(12))
    return {
        "PipelineExecutionDisplayName": f"execution-{time.time_ns() // 10**6}",
        "ParallelismConfiguration": pipeline.get("ParallelismConfiguration"),
        "RoleArn": pipeline["RoleArn"],
        **request,
        "PipelineName": pipeline["PipelineName"],
        "PipelineArn": pipeline["PipelineArn"],
        "PipelineDefinition": pipeline["PipelineDefinition"],
        "PipelineExecutionArn": f"{pipeline['PipelineArn']}/execution/{identifier}",
        "PipelineExecutionStatus": "Executing",
        "PipelineParameters": [{"Name": name, "Value": _parameter_text(value)} for name, value in parameters.items()],
        "CreationTime": moment,
        "StartTime": moment,
        "LastModifiedTime": moment,
    }


def variables(record: Record) -> Record:
    """The values of the variables `Execution.…` in Get expressions."""
    return {
        "PipelineName": record["PipelineName"],
        "PipelineArn": record["PipelineArn"],
        "PipelineExecutionId": record["PipelineExecutionArn"].rpartition("/")[2],
        "PipelineExecutionArn": record["PipelineExecutionArn"],
        "StartDateTime": record["StartTime"].isoformat(),
        "CurrentDateTime": record["StartTime"].isoformat(),
    }


def _parameter_text(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def interrupt(record: Record, steps: Sequence[Record]) -> None:
    """Has an execution, and the steps that had not ended, fail because the local AWS ended."""
    moment = now()
    failed = {"FailureReason": INTERRUPTED}
    record |= {"PipelineExecutionStatus": "Failed", "LastModifiedTime": moment, **failed}
    for step in steps:
        if "EndTime" not in step:
            step |= {"StepStatus": "Failed", "EndTime": moment, **failed}


def status_change(record: Record, before: str) -> tuple[str, list[str], Record]:
    """Title, ARNs and detail of the event that tells the status of an execution, and what it was before."""
    status = record["PipelineExecutionStatus"]
    detail = {
        "pipelineArn": record["PipelineArn"],
        "pipelineExecutionArn": record["PipelineExecutionArn"],
        "pipelineExecutionDisplayName": record["PipelineExecutionDisplayName"],
        "previousPipelineExecutionStatus": before,
        "currentPipelineExecutionStatus": status,
        "executionStartTime": f"{record['StartTime']:%Y-%m-%dT%H:%M:%SZ}",
        **({} if status == "Executing" else {"executionEndTime": f"{now():%Y-%m-%dT%H:%M:%SZ}"}),
    }
    title = "SageMaker Model Building Pipeline Execution Status Change"
    return title, [record["PipelineArn"], record["PipelineExecutionArn"]], detail


def seconds(step: Record) -> int:
    """How long a step took."""
    elapsed: timedelta = step["EndTime"] - step["StartTime"]
    return round(elapsed.total_seconds())
