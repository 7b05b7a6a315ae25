"""Requests about jobs: lists, and what is refused because it cannot run here."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.support import CLUSTER, IMAGE, ROLE, client

Process = Callable[..., dict[str, Any]]


def test_lists_filter_sort_and_page(sagemaker: Any, process: Process) -> None:
    process("true")
    listed = sagemaker.list_processing_jobs(NameContains="test-lists", StatusEquals="Completed")
    (summary,) = listed["ProcessingJobSummaries"]
    assert summary["ProcessingJobStatus"] == "Completed"
    assert sagemaker.list_processing_jobs(NameContains="no such")["ProcessingJobSummaries"] == []
    pages = sagemaker.get_paginator("list_processing_jobs").paginate(PaginationConfig={"PageSize": 1})
    names = [item["ProcessingJobName"] for page in pages for item in page["ProcessingJobSummaries"]]
    assert len(names) == len(set(names)) >= 1
    sagemaker.delete_processing_job(ProcessingJobName=summary["ProcessingJobName"])
    assert sagemaker.list_processing_jobs(NameContains="test-lists")["ProcessingJobSummaries"] == []


def test_requests_that_cannot_run_are_refused(sagemaker: Any, process: Process) -> None:
    with pytest.raises(ClientError, match=r"needs AppSpecification\.ContainerEntrypoint"):
        sagemaker.create_processing_job(
            ProcessingJobName="no-command",
            ProcessingResources=CLUSTER,
            AppSpecification={"ImageUri": IMAGE},
            RoleArn=ROLE,
        )
    with pytest.raises(ClientError, match=r"does not act upon ProcessingInputs\.DatasetDefinition"):
        process("true", ProcessingInputs=[{"InputName": "in", "DatasetDefinition": {"LocalPath": "/opt/ml/in"}}])
    process("true")
    with pytest.raises(ClientError, match="ResourceInUse"):
        process("true")
    with pytest.raises(ClientError, match="Could not find requested job with name: nothing"):
        sagemaker.describe_processing_job(ProcessingJobName="nothing")


def test_what_does_not_execute_is_refused(aws: Any, sagemaker: Any, process: Process) -> None:
    process("echo a line")
    with pytest.raises(ClientError, match="does not execute ListTransformJobs"):
        sagemaker.list_transform_jobs()
    with pytest.raises(ClientError, match="regular expression pattern"):
        sagemaker.describe_endpoint(EndpointName="not a name!")
    logs = client(aws, "logs")
    assert logs.describe_log_groups(logGroupNamePrefix="/aws/sagemaker")["logGroups"]
