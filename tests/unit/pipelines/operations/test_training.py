"""Following a pipeline to its end, fetching the decision page on the way, and waiting for the deployment."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from rich.console import Console

from pipelines.aws import Aws
from pipelines.console.progress import Progress
from pipelines.errors import ApprovalPendingError, AwsError, PipelineFailedError, WaitTimeoutError
from pipelines.operations.training import start_and_follow, wait_for_deployment
from pipelines.operations.workplace import Workplace
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names
from pipelines.waiting.pipeline_executions import Execution, Step

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ACCOUNT = "arn:aws:sagemaker:eu-west-1:123456789012"
ARN = f"{ACCOUNT}:pipeline/training/execution/abcdefghijkl"
JOB = f"{ACCOUNT}:processing-job/pipelines-abc-EvaluateModel"
PACKAGE = f"{ACCOUNT}:model-package/vehicles/3"
EVALUATED = {
    "StepName": "EvaluateModel",
    "StepStatus": "Succeeded",
    "StartTime": NOW,
    "EndTime": NOW,
    "Metadata": {"ProcessingJob": {"Arn": JOB}},
}
FAILED = {"StepName": "RegisterModel", "StepStatus": "Failed", "StartTime": NOW, "FailureReason": "no such group"}
OUTPUT = {"S3UploadMode": "EndOfJob", "LocalPath": "/opt/ml/processing/output/evaluation"}


@pytest.fixture
def aws(session: boto3.Session) -> Aws:
    return Aws(session)


@pytest.fixture
def said() -> io.StringIO:
    """What the console shows."""
    return io.StringIO()


@pytest.fixture
def work(settings: Settings, names: Names, aws: Aws, tmp_path: Path, said: io.StringIO, manual: Any) -> Workplace:
    return Workplace(settings, names, aws, tmp_path, Progress(Console(file=said, width=200)), manual.clock)


@pytest.fixture
def started(sagemaker: Stubber) -> Stubber:
    """SageMaker, asked to start the pipeline `training` with one parameter."""
    given = {"PipelineName": "training", "PipelineParameters": [{"Name": "GitCommit", "Value": "abc"}]}
    sagemaker.add_response("start_pipeline_execution", {"PipelineExecutionArn": ARN}, given)
    return sagemaker


def ends(stubber: Stubber, status: str, *steps: dict[str, Any]) -> None:
    """The execution has ended when it is asked for; `follow` asks twice for the steps."""
    stubber.add_response("describe_pipeline_execution", {"PipelineExecutionStatus": status})
    for _ in range(2):
        has_steps(stubber, *steps)


def has_steps(stubber: Stubber, *steps: dict[str, Any]) -> None:
    stubber.add_response("list_pipeline_execution_steps", {"PipelineExecutionSteps": list(steps)})


def has_evaluated(stubber: Stubber, names: Names) -> None:
    output = {"OutputName": "evaluation", "S3Output": OUTPUT | {"S3Uri": names.s3("executions/1/evaluation")}}
    stubber.add_response(
        "describe_processing_job",
        {
            "ProcessingJobName": "pipelines-abc-EvaluateModel",
            "ProcessingJobArn": JOB,
            "ProcessingJobStatus": "Completed",
            "ProcessingResources": {
                "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
            },
            "AppSpecification": {"ImageUri": "image"},
            "CreationTime": NOW,
            "ProcessingOutputConfig": {"Outputs": [output]},
        },
        {"ProcessingJobName": "pipelines-abc-EvaluateModel"},
    )


def put_page(work: Workplace) -> None:
    for name in ("decision.html", "evaluation.json"):
        key = f"executions/1/evaluation/{name}"
        work.aws.s3.put_object(Bucket=work.names.bucket, Key=key, Body=name.encode())


def no_time(settings: Settings) -> Settings:
    """Settings whose time limit for an execution is over at once."""
    return settings.model_copy(update={"pipeline": settings.pipeline.model_copy(update={"timeout_minutes": 0})})


def run(work: Workplace) -> Execution:
    return start_and_follow(work, "training", {"GitCommit": "abc"})


def pages(work: Workplace) -> dict[str, str]:
    """The downloaded files and what they hold."""
    return {path.name: path.read_text() for path in (work.build / "reports").glob("*")}


def test_a_success_brings_the_decision_page(work: Workplace, started: Stubber) -> None:
    put_page(work)
    ends(started, "Succeeded", EVALUATED)
    has_steps(started, EVALUATED)
    has_evaluated(started, work.names)
    execution = run(work)
    assert execution.arn == ARN
    assert execution.step("EvaluateModel").status == "Succeeded"
    assert pages(work) == {"decision.html": "decision.html", "evaluation.json": "evaluation.json"}


def test_a_pipeline_that_evaluates_nothing_has_no_decision_page(work: Workplace, started: Stubber) -> None:
    ends(started, "Succeeded")
    has_steps(started)
    assert run(work).steps == []
    assert pages(work) == {}


def test_a_failure_brings_the_decision_page_too(work: Workplace, started: Stubber) -> None:
    put_page(work)
    ends(started, "Failed", EVALUATED, FAILED)
    has_steps(started, EVALUATED, FAILED)
    has_evaluated(started, work.names)
    with pytest.raises(PipelineFailedError, match="the step RegisterModel failed: no such group"):
        run(work)
    assert pages(work).keys() == {"decision.html", "evaluation.json"}


def test_the_pipelines_own_error_goes_before_that_of_the_page(
    work: Workplace, started: Stubber, said: io.StringIO
) -> None:
    ends(started, "Failed", EVALUATED, FAILED)
    has_steps(started, EVALUATED, FAILED)
    has_evaluated(started, work.names)
    with pytest.raises(PipelineFailedError, match="the step RegisterModel failed: no such group"):
        run(work)
    assert "the decision page could not be downloaded: there is no s3://" in said.getvalue()


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_a_refused_question_for_the_page_is_noted_too(
    work: Workplace, started: Stubber, said: io.StringIO, code: str
) -> None:
    ends(started, "Failed", FAILED)
    started.add_client_error("list_pipeline_execution_steps", code, "no")
    with pytest.raises(PipelineFailedError):
        run(work)
    assert "the decision page could not be downloaded: AWS" in said.getvalue()


def test_the_page_of_a_success_must_be_there(work: Workplace, started: Stubber) -> None:
    ends(started, "Succeeded", EVALUATED)
    has_steps(started, EVALUATED)
    has_evaluated(started, work.names)
    with pytest.raises(AwsError, match=r"there is no s3://.*/decision\.html"):
        run(work)


def test_an_execution_that_takes_too_long_brings_what_there_is(work: Workplace, started: Stubber) -> None:
    work = replace(work, settings=no_time(work.settings))
    put_page(work)
    started.add_response("describe_pipeline_execution", {"PipelineExecutionStatus": "Executing"})
    has_steps(started, EVALUATED)
    has_steps(started, EVALUATED)
    has_evaluated(started, work.names)
    with pytest.raises(WaitTimeoutError, match="still runs after"):
        run(work)
    assert pages(work).keys() == {"decision.html", "evaluation.json"}


@pytest.fixture
def trained() -> Execution:
    """An execution that registered version 3."""
    return Execution(
        ARN, [Step("RegisterModel", "Succeeded", NOW, NOW, None, None, {"RegisterModel": {"Arn": PACKAGE}})]
    )


def is_registered(stubber: Stubber, status: str) -> None:
    summary = {"ModelPackageName": "3", "ModelPackageArn": PACKAGE, "CreationTime": NOW}
    stubber.add_response(
        "list_model_packages", {"ModelPackageSummaryList": [summary | {"ModelPackageStatus": "Completed"}]}
    )
    package = summary | {
        "ModelPackageVersion": 3,
        "ModelApprovalStatus": status,
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
        "InferenceSpecification": {"Containers": [{"Image": "image", "ModelDataUrl": "s3://bucket/model.tar.gz"}]},
    }
    stubber.add_response("describe_model_package", package, {"ModelPackageName": PACKAGE})


def serves_it(stubber: Stubber) -> None:
    described = {"EndpointName": "e", "EndpointArn": f"{ACCOUNT}:endpoint/e", "EndpointConfigName": "config"}
    described |= {"EndpointStatus": "InService", "CreationTime": NOW, "LastModifiedTime": NOW}
    stubber.add_response("describe_endpoint", described)
    config = {"EndpointConfigName": "config", "EndpointConfigArn": f"{ACCOUNT}:endpoint-config/config"}
    variants = [{"VariantName": "AllTraffic", "ModelName": "m"}]
    stubber.add_response("describe_endpoint_config", config | {"CreationTime": NOW, "ProductionVariants": variants})
    model = {"ModelName": "m", "ModelArn": f"{ACCOUNT}:model/m", "CreationTime": NOW}
    stubber.add_response("describe_model", model | {"Containers": [{"ModelPackageName": PACKAGE}]})


def test_the_deployment_of_an_approved_version_is_waited_for(
    work: Workplace, sagemaker: Stubber, trained: Execution, said: io.StringIO
) -> None:
    is_registered(sagemaker, "Approved")
    serves_it(sagemaker)
    assert wait_for_deployment(work, trained).arn == PACKAGE
    assert said.getvalue() == f"  model version 3: Approved\n  {work.names.endpoint} serves it\n"


@pytest.mark.parametrize("status", ["PendingManualApproval", "Rejected"])
def test_a_version_that_waits_for_its_approver_has_its_own_error(
    work: Workplace, sagemaker: Stubber, trained: Execution, status: str
) -> None:
    is_registered(sagemaker, status)
    with pytest.raises(ApprovalPendingError, match=r"version 3 .*`scones registry approve 3 --reason …`") as caught:
        wait_for_deployment(work, trained)
    assert caught.value.exit_code == 11


def test_an_execution_that_registered_nothing_cannot_be_waited_for(work: Workplace) -> None:
    with pytest.raises(PipelineFailedError, match="has not run the step RegisterModel"):
        wait_for_deployment(work, Execution(ARN, []))
