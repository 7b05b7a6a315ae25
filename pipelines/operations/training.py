"""Runs the training pipeline and waits until the endpoint serves the new model."""

import json
from collections.abc import Mapping
from pathlib import Path

from pipelines.aws import explain_errors
from pipelines.delivery import release
from pipelines.errors import ApprovalPendingError, SconesError
from pipelines.operations.champion import champion_parameters
from pipelines.operations.workplace import Workplace
from pipelines.packages.uploads import download, upload_archive
from pipelines.pictures import draw_pipeline
from pipelines.registry.versions import ModelVersion, find, versions
from pipelines.waiting.endpoint import wait_in_service
from pipelines.waiting.pipeline_executions import Execution, follow, job_outputs, list_steps


def train(work: Workplace, archive: Path, commit: str) -> Execution:
    """Upserts and runs the training pipeline; saves its definition, its picture and the decision page."""
    built = release.prepare(work.aws, work.sagemaker_session, work.settings, work.names, "training")
    work.save("definitions/training.json", built.definition)
    work.save("pictures/training.svg", draw_pipeline(json.loads(built.definition)))
    release.upsert(work.aws, work.names, built)
    parameters = {
        "InputDataUri": upload_archive(work.aws, work.names, archive),
        "GitCommit": commit,
        **champion_parameters(work.aws, work.names),
    }
    return start_and_follow(work, work.names.training_pipeline, parameters)


def start_and_follow(work: Workplace, pipeline: str, parameters: Mapping[str, str]) -> Execution:
    """Starts a pipeline and follows the execution as `follow_training` does."""
    return follow_training(work, release.start(work.aws, pipeline, parameters))


def follow_training(work: Workplace, arn: str) -> Execution:
    """Follows an execution; fetches the decision page even if the execution fails."""
    timeout = work.settings.pipeline.timeout_minutes * 60
    with work.progress.steps():
        try:
            execution = follow(work.aws, arn, timeout, work.progress.show, work.clock)
        except SconesError:
            try_to_fetch_decision(work, arn)
            raise
        fetch_decision(work, arn)
    return execution


def fetch_decision(work: Workplace, arn: str) -> None:
    """Downloads the decision page and `evaluation.json`, if EvaluateModel has succeeded."""
    for step in list_steps(work.aws, arn):
        if step.name == "EvaluateModel" and step.status == "Succeeded":
            folder = job_outputs(work.aws, step)["evaluation"]
            for name in ("decision.html", "evaluation.json"):
                download(work.aws, f"{folder}/{name}", work.build / "reports" / name)


def try_to_fetch_decision(work: Workplace, arn: str) -> None:
    """As `fetch_decision`, but only notes an error, because that of the execution itself says more."""
    try:
        with explain_errors():
            fetch_decision(work, arn)
    except (SconesError, OSError) as error:
        work.progress.note(f"the decision page could not be downloaded: {error}")


def wait_for_deployment(work: Workplace, trained: Execution) -> ModelVersion:
    """Waits until the endpoint serves the version that an execution registered.

    Raises:
        ApprovalPendingError: the version is not approved.
    """
    arn = trained.step("RegisterModel").metadata["RegisterModel"]["Arn"]
    package = find(versions(work.aws, work.names), work.names, int(arn.rpartition("/")[2]))
    work.progress.note(f"model version {package.version}: {package.status}")
    if package.status != "Approved":
        raise ApprovalPendingError(
            f"model version {package.version} is registered and waits for an approver; "
            f"`scones registry approve {package.version} --reason …` deploys it, and then `scones workflow run` uses it"
        )
    timeout = work.settings.endpoint.timeout_minutes * 60
    name = wait_in_service(work.aws, work.names, package.arn, timeout, work.clock)
    work.progress.note(f"{name} serves it")
    return package
