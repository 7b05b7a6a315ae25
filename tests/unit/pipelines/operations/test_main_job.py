"""The main job, stage by stage, and which error each cause ends it with.

moto keeps what is deployed, registered and stored. What it does not run, a `Story` tells: the ends of executions.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from rich.console import Console
from unit.pipelines.aws_in_memory import account_with_bucket, answer

from pipelines.aws import Aws, explain_errors
from pipelines.console.progress import Progress
from pipelines.errors import (
    ApprovalPendingError,
    AwsError,
    DataError,
    PipelineFailedError,
    QualityGateError,
    SconesError,
    WaitTimeoutError,
    WorkflowFailedError,
)
from pipelines.operations import monitoring
from pipelines.operations.main_job import run
from pipelines.operations.workplace import Workplace
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse:UserWarning")

NOW = datetime(2026, 1, 2, tzinfo=UTC)
STAGES = ["deploy", "training", "endpoint", "workflow", "monitoring"]
SHARES = {
    "accuracy": 0.95,
    "coverage": 0.8,
    "accuracy_of_accepted": 0.99,
    "robust_accuracy": 0.9,
    "others_decided": 0.0,
}
EVALUATION = {**SHARES, "threshold": 0.9, "synthetic": True}
FILES = {
    "evaluation": {"decision.html": "decision", "evaluation.json": json.dumps(EVALUATION)},
    "monitoring": {
        "report.html": "report",
        "verdict.json": json.dumps({"verdict": "look", "causes": [{"text": "pictures are turned"}]}),
        "statistics.json": "{}",
        "constraint_violations.json": "{}",
    },
}
GATE = {"Fail": {"ErrorMessage": "accuracy 0.7 < 0.9"}}


@dataclass
class Story:
    """How it goes on after each start: pipelines, workflow executions and data capture."""

    training: str = "Succeeded"
    failed_step: dict[str, Any] | None = None
    approval: str = "Approved"
    workflow: str = "SUCCEEDED"
    captured: bool = True
    monitoring: str = "Succeeded"
    started: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def session(names: Names) -> Iterator[boto3.Session]:
    """One account for all tests of this file: a deployment of what is deployed already is quick."""
    with account_with_bucket(names) as session:
        session.client("s3").delete_bucket(Bucket=names.bucket)  # which is for the deployment to make
        yield session


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def aws(session: boto3.Session, names: Names, story: Story) -> Aws:
    """The account with a version in the registry and in service, which the executions of the story registered."""
    aws = Aws(session)
    arn = serve_a_version(aws, names)
    tell(aws, names, story, arn)
    return aws


def serve_a_version(aws: Aws, names: Names) -> str:
    """Registers the first version and its endpoint, unless an earlier test did; returns the version's ARN."""
    group = names.model_package_group
    if found := aws.sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"]:
        assert found[0]["ModelPackageGroupName"] == group
        return f"arn:aws:sagemaker:{names.region}:{names.account}:model-package/{group}/1"
    aws.sagemaker.create_model_package_group(ModelPackageGroupName=group)
    container = {"Image": "image", "ModelDataUrl": names.s3("executions/1/model.tar.gz")}
    contents = {"SupportedContentTypes": ["image/png"], "SupportedResponseMIMETypes": ["application/json"]}
    arn = str(
        aws.sagemaker.create_model_package(
            ModelPackageGroupName=group,
            InferenceSpecification={"Containers": [container], **contents},
            ModelApprovalStatus="PendingManualApproval",
        )["ModelPackageArn"]
    )
    model = {"ModelName": "m", "Containers": [{"ModelPackageName": arn}]}
    aws.sagemaker.create_model(**model, ExecutionRoleArn=names.role_arn("model"))
    variant = {"VariantName": "AllTraffic", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    aws.sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    aws.sagemaker.create_endpoint(EndpointName=names.endpoint, EndpointConfigName="c")
    return arn


def tell(aws: Aws, names: Names, story: Story, package: str) -> None:
    """Answers what moto does not run as the story says."""

    def status(given: dict[str, Any]) -> dict[str, Any]:
        kind = "training" if names.training_pipeline in given["PipelineExecutionArn"] else "monitoring"
        return {"PipelineExecutionStatus": getattr(story, kind)}

    def steps(given: dict[str, Any]) -> dict[str, Any]:
        if names.monitoring_pipeline in given["PipelineExecutionArn"]:
            return {"PipelineExecutionSteps": [step("AnalyzeCaptures", job("monitoring", names))]}
        registered = [] if story.failed_step else [step("RegisterModel", {"RegisterModel": {"Arn": package}})]
        failed = [story.failed_step] if story.failed_step else []
        return {"PipelineExecutionSteps": [step("EvaluateModel", job("evaluation", names)), *registered, *failed]}

    def started(given: dict[str, Any]) -> dict[str, Any]:
        story.started.append(given["PipelineName"])
        aws.sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus=story.approval)
        put_files(aws, names)
        arn = (
            f"arn:aws:sagemaker:{names.region}:{names.account}:pipeline/{given['PipelineName']}/execution/abcdefghijkl"
        )
        return {"PipelineExecutionArn": arn}

    def classified(given: dict[str, Any]) -> dict[str, Any]:
        arn = given["executionArn"]
        name = arn.rpartition(":")[2]
        if story.captured:
            line = json.dumps({"eventMetadata": {"inferenceId": name}})
            aws.s3.put_object(Bucket=names.bucket, Key=f"capture/{names.endpoint}/{name}.jsonl", Body=f"{line}\n")
        decided = {"decision": "accepted", "label": "bicycle", "confidence": 0.97, "route": {"loading_bay": "A"}}
        ended = {"executionArn": arn, "stateMachineArn": names.state_machine_arn, "name": name, "startDate": NOW}
        failed = {"error": "EndpointFailed", "cause": "no endpoint"} if story.workflow == "FAILED" else {}
        return {**ended, "status": story.workflow, "output": json.dumps({} if failed else decided), **failed}

    answer(aws.sagemaker, "StartPipelineExecution", started)
    answer(aws.sagemaker, "DescribePipelineExecution", status)
    answer(aws.sagemaker, "ListPipelineExecutionSteps", steps)
    answer(aws.sagemaker, "DescribeProcessingJob", processing_job)
    answer(aws.stepfunctions, "DescribeExecution", classified)
    answer(aws.stepfunctions, "GetExecutionHistory", lambda _: {"events": []})


def step(name: str, metadata: dict[str, Any], status: str = "Succeeded") -> dict[str, Any]:
    return {"StepName": name, "StepStatus": status, "StartTime": NOW, "EndTime": NOW, "Metadata": metadata}


def job(output: str, names: Names) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:{names.region}:{names.account}:processing-job/{names.bucket}.{output}"
    return {"ProcessingJob": {"Arn": arn}}


def processing_job(given: dict[str, Any]) -> dict[str, Any]:
    """A job whose name tells the bucket and the name of its output."""
    name = given["ProcessingJobName"]
    bucket, _, output = name.rpartition(".")
    target = {"S3Uri": f"s3://{bucket}/executions/1/{output}", "LocalPath": "/opt/ml", "S3UploadMode": "EndOfJob"}
    cluster = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
    return {
        "ProcessingJobName": name,
        "ProcessingJobArn": f"arn:aws:sagemaker:eu-west-1:123456789012:processing-job/{name}",
        "ProcessingJobStatus": "Completed",
        "ProcessingResources": {"ClusterConfig": cluster},
        "AppSpecification": {"ImageUri": "image"},
        "CreationTime": NOW,
        "ProcessingOutputConfig": {"Outputs": [{"OutputName": output, "S3Output": target}]},
    }


def put_files(aws: Aws, names: Names) -> None:
    """What the jobs of the pipelines write."""
    for folder, files in FILES.items():
        for name, text in files.items():
            aws.s3.put_object(Bucket=names.bucket, Key=f"executions/1/{folder}/{name}", Body=text.encode())


@pytest.fixture
def said() -> io.StringIO:
    """What the console shows."""
    return io.StringIO()


@pytest.fixture
def work(settings: Settings, names: Names, aws: Aws, tmp_path: Path, said: io.StringIO, manual: Any) -> Workplace:
    few = {
        "workflow": settings.workflow.model_copy(update={"photos": 2, "concurrency": 1}),
        "pipeline": settings.pipeline.model_copy(update={"timeout_minutes": 1}),
    }
    progress = Progress(Console(file=said, width=200))
    return Workplace(settings.model_copy(update=few), names, aws, tmp_path / "build", progress, manual.clock)


def test_all_stages_one_after_the_other(
    work: Workplace, story: Story, generated_archive: Path, said: io.StringIO, aws: Aws
) -> None:
    summary = run(work, generated_archive, "0123abc")

    assert list(work.progress.seconds) == STAGES
    titles = [line for line in said.getvalue().splitlines() if line.startswith("▸")]
    assert [title.split()[1] for title in titles] == ["Deploy", "Training", "Endpoint", "Inference", "Monitoring"]
    assert story.started == [work.names.training_pipeline, work.names.monitoring_pipeline]
    assert {name: getattr(summary, name) for name in EVALUATION} == EVALUATION
    assert summary.model_package_status == "Approved"
    assert summary.model_package.endswith("/1")
    assert [outcome.label for outcome in summary.workflow] == ["bicycle", "bicycle"]
    assert [outcome.correct for outcome in summary.workflow] == [True, False]
    assert summary.captured == 2
    assert (summary.verdict, summary.causes) == ("look", ["pictures are turned"])
    kept = json.loads((work.build / "summary.json").read_text())
    assert kept == json.loads(json.dumps(asdict(summary)))
    for path in summary.paths.values():
        assert Path(path).exists(), path
    drawn = {path.name for path in (work.build / "pictures").iterdir()}
    assert {"workflow.svg", "batch.svg", "execution.svg"} <= drawn
    batch = aws.stepfunctions.describe_state_machine(stateMachineArn=work.names.batch_machine_arn)["definition"]
    assert (work.build / "definitions" / "batch.asl.json").read_text() == batch


@dataclass(frozen=True)
class Cause:
    """What goes wrong, in which stage, and the error that the job ends with."""

    stage: str
    error: type[SconesError]
    exit_code: int
    words: str
    story: dict[str, Any]


FAILED = step("TrainModel", {}, "Failed") | {"FailureReason": "ExitCode 1"}
CAUSES = [
    Cause("training", PipelineFailedError, 6, "TrainModel failed", {"training": "Failed", "failed_step": FAILED}),
    Cause("training", PipelineFailedError, 6, "was stopped", {"training": "Stopped"}),
    Cause(
        "training",
        QualityGateError,
        7,
        "accuracy 0.7 < 0.9",
        {"training": "Failed", "failed_step": step("QualityGateFailed", GATE, "Failed")},
    ),
    Cause("training", WaitTimeoutError, 10, r"pipeline\.timeout_minutes", {"training": "Executing"}),
    Cause("endpoint", ApprovalPendingError, 11, "waits for an approver", {"approval": "PendingManualApproval"}),
    Cause("workflow", WorkflowFailedError, 8, "2 of 2 workflow executions failed", {"workflow": "FAILED"}),
    Cause("monitoring", PipelineFailedError, 6, "execution failed", {"monitoring": "Failed"}),
]


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: f"{cause.stage}-{cause.error.__name__}")
def test_the_first_stage_that_fails_ends_the_job(
    cause: Cause, work: Workplace, story: Story, generated_archive: Path
) -> None:
    for name, value in cause.story.items():
        setattr(story, name, value)
    with pytest.raises(cause.error, match=cause.words) as caught:
        run(work, generated_archive, "0123abc")
    assert type(caught.value) is cause.error
    assert caught.value.exit_code == cause.exit_code
    assert list(work.progress.seconds) == STAGES[: STAGES.index(cause.stage) + 1]
    assert not (work.build / "summary.json").exists()
    assert (work.build / "reports/decision.html").read_text() == "decision"


def test_a_call_that_aws_refuses_ends_the_job(work: Workplace, generated_archive: Path) -> None:
    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeStacks")

    work.aws.cloudformation.meta.events.register("before-call.cloudformation.DescribeStacks", refuse)
    with pytest.raises(AwsError, match="AWS refused DescribeStacks: no") as caught, explain_errors():
        run(work, generated_archive, "0123abc")
    assert caught.value.exit_code == 5
    assert list(work.progress.seconds) == ["deploy"]


def test_an_archive_that_is_not_there_ends_the_job(work: Workplace, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file") as caught:
        run(work, tmp_path / "missing.tar.gz", "0123abc")
    assert caught.value.exit_code == 4
    assert list(work.progress.seconds) == ["deploy", "training"]


def test_too_few_photos_end_the_job(work: Workplace, generated_archive: Path) -> None:
    many = work.settings.workflow.model_copy(update={"photos": 1000})
    work = replace(work, settings=work.settings.model_copy(update={"workflow": many}))
    with pytest.raises(DataError, match=r"workflow\.photos is 1000"):
        run(work, generated_archive, "0123abc")
    assert list(work.progress.seconds) == STAGES[:4]


def test_inferences_that_are_not_captured_are_told_and_no_error(
    work: Workplace, story: Story, generated_archive: Path, said: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitoring, "CAPTURE_WAIT_SECONDS", 3)
    story.captured = False
    assert run(work, generated_archive, "0123abc").captured == 0
    assert "2 of 2 inferences are not captured yet" in said.getvalue()
