"""Looks at SageMaker: executions of pipelines, jobs, endpoints and model versions."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from local.runtime.context import Context
from local.status.records import Amount, Execution, Run, Step, newest

MOST = 12  # of each kind, the newest


def executions(context: Context) -> tuple[Run, ...]:
    """The newest executions of all pipelines."""
    sagemaker = context.client("sagemaker")
    newest_of = partial(sagemaker.list_pipeline_executions, SortOrder="Descending", MaxResults=MOST)
    found = [
        _execution(each)
        for pipeline in sagemaker.list_pipelines()["PipelineSummaries"]
        for each in newest_of(PipelineName=pipeline["PipelineName"])["PipelineExecutionSummaries"]
    ]
    return newest(found, MOST)


def execution(context: Context, arn: str) -> Execution:
    """An execution of a pipeline with its steps. Raises ClientError if there is none."""
    sagemaker = context.client("sagemaker")
    described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
    steps = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn, SortOrder="Ascending")
    return Execution(
        _execution({**described, "StartTime": described["CreationTime"]}, described["LastModifiedTime"]),
        "pipeline",
        tuple(
            Step(each["StepName"], each["StepStatus"], each["StartTime"], each.get("EndTime"))
            for each in steps["PipelineExecutionSteps"]
            if "StartTime" in each
        ),
        output=described.get("FailureReason", ""),
    )


def jobs(context: Context) -> tuple[Run, ...]:
    """The newest jobs of all kinds, each with a link to its log."""
    sagemaker = context.client("sagemaker")
    processing = sagemaker.list_processing_jobs(SortBy="CreationTime", SortOrder="Descending", MaxResults=MOST)
    training = sagemaker.list_training_jobs(SortBy="CreationTime", SortOrder="Descending", MaxResults=MOST)
    found = [
        *_jobs(processing["ProcessingJobSummaries"], "Processing"),
        *_jobs(training["TrainingJobSummaries"], "Training"),
    ]
    return newest(found, MOST)


def endpoints(context: Context) -> tuple[Run, ...]:
    """All endpoints, each with a link to the log of its model servers."""
    found = context.client("sagemaker").list_endpoints()["Endpoints"]
    return tuple(
        Run(
            each["EndpointName"],
            each["EndpointStatus"],
            each["CreationTime"],
            link=f"logs?group=/aws/sagemaker/Endpoints/{each['EndpointName']}",
        )
        for each in found
    )


def versions(context: Context) -> tuple[Amount, ...]:
    """The newest versions in the registry."""
    sagemaker = context.client("sagemaker")
    found = []
    for group in sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"]:
        name = group["ModelPackageGroupName"]
        listed = sagemaker.list_model_packages(ModelPackageGroupName=name, SortOrder="Descending", MaxResults=MOST)
        found += [
            Amount(f"{name}/{each['ModelPackageVersion']}", {"approval": each["ModelApprovalStatus"]})
            for each in listed["ModelPackageSummaryList"]
        ]
    return tuple(found[:MOST])


def _jobs(summaries: list[dict[str, Any]], kind: str) -> Iterator[Run]:
    for each in summaries:
        name = each[f"{kind}JobName"]
        yield Run(
            name,
            each[f"{kind}JobStatus"],
            each["CreationTime"],
            each.get(f"{kind}EndTime"),
            f"logs?group=/aws/sagemaker/{kind}Jobs&stream={name}/",
        )


def _execution(summary: dict[str, Any], changed: Any = None) -> Run:  # noqa: ANN401 - a time, or None
    arn, status = summary["PipelineExecutionArn"], summary["PipelineExecutionStatus"]
    end = None if status in {"Executing", "Stopping"} else changed
    pipeline, _, name = arn.partition("pipeline/")[2].partition("/execution/")
    reason = summary.get("PipelineExecutionFailureReason", summary.get("FailureReason", ""))
    return Run(f"{pipeline} {name}", status, summary["StartTime"], end, f"execution?arn={arn}", reason)
