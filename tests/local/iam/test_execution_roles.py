"""Jobs, functions and pipelines may do what the policies of their roles say, and no more."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws
from tests.local.iam.support import ALLOW_S3
from tests.local.sagemaker.support import definition, processing
from tests.local.support import ACCOUNT, BUCKET, ROLE, client

MakeRole = Callable[..., str]


def execute(sagemaker: Any, name: str, wait: Any) -> dict[str, Any]:
    arn = sagemaker.start_pipeline_execution(PipelineName=name)["PipelineExecutionArn"]
    describe = lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
    return dict(wait(describe, "PipelineExecutionStatus", "Succeeded", "Failed"))


def test_a_job_may_do_what_its_role_may(role: MakeRole, job: Any) -> None:
    arn = role("job", "sagemaker", ALLOW_S3)
    assert job("allowed", arn, "open/x")["ProcessingJobStatus"] == "Completed"
    denied = job("denied", arn, "secret/x")
    assert denied["ProcessingJobStatus"] == "Failed"
    assert "AccessDenied" in denied["FailureReason"]
    assert f"s3:PutObject on resource: arn:aws:s3:::{BUCKET}/secret/x" in denied["FailureReason"]


def test_a_role_must_exist_and_trust_the_service(role: MakeRole, job: Any) -> None:
    for number, arn in enumerate((f"arn:aws:iam::{ACCOUNT}:role/nobody", role("for-lambda", "lambda", ALLOW_S3))):
        with pytest.raises(ClientError, match="Could not assume role"):
            job(f"untrusted-{number}", arn, "open/x")


def test_inputs_are_read_as_the_role(strict: LocalAws, role: MakeRole, wait: Any) -> None:
    arn = role("blind", "sagemaker", {**ALLOW_S3, "Action": "s3:PutObject"})
    sagemaker = client(strict, "sagemaker")
    text = definition([processing("Read", "true", [f"s3://{BUCKET}/open/x"])]).replace(ROLE, arn)
    create = {"Effect": "Allow", "Action": ["sagemaker:CreateProcessingJob", "iam:PassRole"], "Resource": "*"}
    runner = role("runner", "sagemaker", create)
    sagemaker.create_pipeline(PipelineName="reads", PipelineDefinition=text, RoleArn=runner)
    done = execute(sagemaker, "reads", wait)
    assert done["PipelineExecutionStatus"] == "Failed"
    assert "AccessDenied" in done["FailureReason"]
    assert "s3:ListBucket" in done["FailureReason"]


def test_a_pipeline_may_start_what_its_role_may(strict: LocalAws, role: MakeRole, wait: Any) -> None:
    sagemaker = client(strict, "sagemaker")
    arn = role("powerless", "sagemaker")
    sagemaker.create_pipeline(PipelineName="no", PipelineDefinition=definition([processing("A", "true")]), RoleArn=arn)
    done = execute(sagemaker, "no", wait)
    assert "is not authorized to perform: sagemaker:CreateProcessingJob on resource" in done["FailureReason"]


def test_a_function_may_do_what_its_role_may(strict: LocalAws, function: str) -> None:
    def call(key: str) -> Any:
        payload = json.dumps({"bucket": BUCKET, "key": key})
        return json.load(client(strict, "lambda").invoke(FunctionName=function, Payload=payload)["Payload"])

    assert call("open/y").startswith(f"arn:aws:sts::{ACCOUNT}:assumed-role/function/")
    assert "AccessDenied" in call("secret/y")["errorMessage"]


def test_a_removed_permission_is_missed_at_once(strict: LocalAws, role: MakeRole, job: Any) -> None:
    arn = role("shrinking", "sagemaker", ALLOW_S3)
    assert job("before", arn, "open/s")["ProcessingJobStatus"] == "Completed"
    client(strict, "iam").delete_role_policy(RoleName="shrinking", PolicyName="all")
    assert "AccessDenied" in job("after", arn, "open/s")["FailureReason"]
