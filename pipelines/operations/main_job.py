"""The main job: from the raw archive to the monitoring report, stage by stage."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.aws import Aws
from pipelines.data.photos import export_photos
from pipelines.delivery import release
from pipelines.delivery.deployment import deploy
from pipelines.errors import ApprovalPendingError, WorkflowFailedError
from pipelines.operations import endpoint
from pipelines.operations import pipeline_executions as watch
from pipelines.operations import workflow_executions as executions
from pipelines.operations.captures import wait_for_captures
from pipelines.operations.champion import champion_parameters
from pipelines.operations.progress import Progress
from pipelines.operations.summary import Summary, describe_outcomes, write
from pipelines.operations.workflow_executions import Outcome
from pipelines.packages.uploads import download, upload_archive
from pipelines.pictures import draw_definition, draw_execution, draw_pipeline
from pipelines.registry import versions as registry
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names
from steps.dataset.archive import read_archive

CAPTURE_WAIT_SECONDS = 300  # SageMaker writes captures within minutes; the local AWS within seconds


@dataclass(frozen=True)
class Workplace:
    """Everything a command works with."""

    settings: Settings
    names: Names
    aws: Aws
    build: Path
    progress: Progress


def run(work: Workplace, archive: Path, commit: str) -> Summary:
    """Runs the main job on a raw archive and writes everything it makes under the build folder."""
    with work.progress.stage("deploy", f"Deploy {work.names.prefix} (roles, Lambdas, queue, events)"):
        report = deploy(work.settings, work.aws)
        work.progress.note(report.describe())
    with work.progress.stage("training", f"Training pipeline {work.names.training_pipeline}"):
        trained = train(work, archive, commit)
    with work.progress.stage("endpoint", f"Endpoint {work.names.endpoint}"):
        package = _deployed_package(work, trained)
    with work.progress.stage("workflow", f"Inference workflow {work.names.state_machine}"):
        outcomes = classify(work, archive)
    with work.progress.stage("monitoring", f"Monitoring pipeline {work.names.monitoring_pipeline}"):
        captured = monitor(work, outcomes)
    return _summarize(work, trained, package, outcomes, captured)


def train(work: Workplace, archive: Path, commit: str) -> watch.Execution:
    """Upserts and runs the training pipeline; its definition and decision page are written to the build folder."""
    shipped = release.prepare(work.aws, work.settings, work.names, "training")
    save(work.build / "definitions" / "training.json", shipped.definition)
    save(work.build / "pictures" / "training.svg", draw_pipeline(json.loads(shipped.definition)))
    release.upsert(work.aws, work.names, shipped)
    parameters = {
        "InputDataUri": upload_archive(work.aws, work.names, archive),
        "GitCommit": commit,
        **champion_parameters(work.aws, work.names),
    }
    return start_and_follow(work, work.names.training_pipeline, parameters)


def start_and_follow(work: Workplace, pipeline: str, parameters: dict[str, str]) -> watch.Execution:
    """Starts a pipeline and follows it to its end; a decision page is fetched even when the gate fails."""
    arn = release.start(work.aws, pipeline, parameters)
    with work.progress.steps():
        try:
            return watch.follow(work.aws, arn, work.settings.pipeline.timeout_minutes * 60, work.progress.show)
        finally:
            fetch_decision(work, arn)


def fetch_decision(work: Workplace, arn: str) -> None:
    """Fetches the evaluation's page and figures of an execution that got so far."""
    for step in watch.list_steps(work.aws, arn):
        if step.name == "EvaluateModel" and step.status == "Succeeded":
            folder = watch.job_outputs(work.aws, step)["evaluation"]
            download(work.aws, f"{folder}/decision.html", work.build / "reports" / "decision.html")
            download(work.aws, f"{folder}/evaluation.json", work.build / "reports" / "evaluation.json")


def classify(work: Workplace, archive: Path) -> list[Outcome]:
    """Sends test photos through the inference workflow and draws it.

    Raises:
        WorkflowFailedError: executions failed; naming the first.
    """
    settings, names = work.settings, work.names
    definition = executions.deploy_workflow(work.aws, settings, names)
    save(work.build / "definitions" / "inference.asl.json", definition)
    classes, count = settings.dataset.classes, settings.workflow.photos
    photos = export_photos(read_archive(archive), classes, count, work.build / "photos")
    name = f"run-{secrets.token_hex(4)}"
    outcomes = executions.send(work.aws, names, name, photos, settings.workflow.concurrency, lambda _: None)
    work.progress.note(describe_outcomes(outcomes))
    draw(work, definition, outcomes)
    if failed := [outcome for outcome in outcomes if outcome.status != "SUCCEEDED"]:
        raise WorkflowFailedError(
            f"{len(failed)} of {len(outcomes)} workflow executions failed; {failed[0].name}: {failed[0].error}"
        )
    return outcomes


def draw(work: Workplace, definition: str, outcomes: Sequence[Outcome]) -> None:
    """Draws the workflow, and one execution of it."""
    states = json.loads(definition)
    events = executions.history(work.aws, outcomes[0].arn)
    save(work.build / "pictures" / "workflow.svg", draw_definition(states))
    save(work.build / "pictures" / "execution.svg", draw_execution(states, events))


def monitor(work: Workplace, outcomes: Sequence[Outcome]) -> int:
    """Runs the monitoring pipeline on what the endpoint captured; returns how many of the inferences it has."""
    sent = {outcome.name for outcome in outcomes if outcome.decision in ("accepted", "low_confidence")}
    missing = wait_for_captures(work.aws, work.names, sent, CAPTURE_WAIT_SECONDS)
    if missing:
        work.progress.note(f"{len(missing)} of {len(sent)} inferences are not captured yet; the report lacks them")
    report(work)
    return len(sent) - len(missing)


def report(work: Workplace) -> Path:
    """Upserts and runs the monitoring pipeline; returns the report's path."""
    shipped = release.prepare(work.aws, work.settings, work.names, "monitoring")
    save(work.build / "definitions" / "monitoring.json", shipped.definition)
    release.upsert(work.aws, work.names, shipped)
    execution = start_and_follow(work, work.names.monitoring_pipeline, {})
    folder = watch.job_outputs(work.aws, execution.step("AnalyzeCaptures"))["monitoring"]
    reports = work.build / "reports"
    for name in ("statistics.json", "constraint_violations.json"):
        download(work.aws, f"{folder}/{name}", reports / name)
    return download(work.aws, f"{folder}/report.html", reports / "monitoring.html")


def save(path: Path, text: str) -> None:
    """Writes a text file, with the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _deployed_package(work: Workplace, trained: watch.Execution) -> registry.ModelVersion:
    arn = trained.step("RegisterModel").metadata["RegisterModel"]["Arn"]
    package = registry.find(work.aws, work.names, int(arn.rpartition("/")[2]))
    work.progress.note(f"model version {package.version}: {package.status}")
    if package.status != "Approved":
        raise ApprovalPendingError(
            f"model version {package.version} is registered and waits for an approver; "
            f"`scones registry approve {package.version} --reason …` deploys it, then `scones workflow run` uses it"
        )
    timeout = work.settings.endpoint.timeout_minutes * 60
    name = endpoint.wait_in_service(work.aws, work.names, package.arn, timeout)
    work.progress.note(f"{name} serves it")
    return package


def _summarize(
    work: Workplace, trained: watch.Execution, package: registry.ModelVersion, outcomes: list[Outcome], captured: int
) -> Summary:
    evaluation = json.loads((work.build / "reports" / "evaluation.json").read_text(encoding="utf-8"))
    figures = {
        key: evaluation[key] for key in ("accuracy", "coverage", "accuracy_of_accepted", "threshold", "synthetic")
    }
    paths = {
        "decision_page": "reports/decision.html",
        "monitoring_report": "reports/monitoring.html",
        "pipeline_picture": "pictures/training.svg",
        "workflow_picture": "pictures/workflow.svg",
        "execution_picture": "pictures/execution.svg",
        "definitions": "definitions",
        "summary": "summary.json",
    }
    summary = Summary(
        environment=work.settings.environment,
        model_package=package.arn,
        model_package_status=package.status,
        endpoint=work.names.endpoint,
        pipeline_execution=trained.arn,
        reused_steps=[step.name for step in trained.steps if step.reused_from],
        workflow=outcomes,
        captured=captured,
        seconds=work.progress.seconds,
        paths={name: str(work.build / path) for name, path in paths.items()},
        **figures,
    )
    write(summary, work.build)
    return summary
