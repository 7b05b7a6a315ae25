"""The main job, stage by stage, and which error each cause ends it with.

moto keeps what is deployed, registered and stored. What it does not run, a `Story` tells: the ends of executions.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from rich.console import Console
from unit.pipelines.aws_in_memory import account_with_bucket
from unit.pipelines.operations.main_job.story import EVALUATION, Story, serve_a_version, step, tell

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

STAGES = ["deploy", "training", "endpoint", "workflow", "monitoring"]
GATE = {"Fail": {"ErrorMessage": "accuracy 0.7 < 0.9"}}


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
