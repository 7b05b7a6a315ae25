"""Deploys and draws the workflows, and sends test photos through that for one photo."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path

from pipelines.data.photos import export_photos
from pipelines.delivery.workflow import deploy_batch_workflow, deploy_workflow
from pipelines.errors import WorkflowFailedError
from pipelines.operations.summary import describe_outcomes
from pipelines.operations.workplace import Workplace
from pipelines.pictures import draw_definition, draw_execution
from pipelines.waiting.workflow_executions import Outcome, history, send
from steps.dataset.archive import read_archive


def classify(work: Workplace, archive: Path) -> list[Outcome]:
    """Deploys and draws both workflows, runs that for one photo on test photos of the archive, and draws an execution.

    Raises:
        WorkflowFailedError: executions failed; the message names the first of them.
    """
    settings, names = work.settings, work.names
    definition = deploy_workflow(work.aws, settings, names)
    keep(work, definition, "inference", "workflow")
    keep(work, deploy_batch_workflow(work.aws, settings, names), "batch", "batch")
    classes, count = settings.dataset.classes, settings.workflow.photos
    photos = export_photos(read_archive(archive), classes, count, work.build / "photos")
    run = f"run-{secrets.token_hex(4)}"
    outcomes = send(work.aws, names, run, photos, settings.workflow.concurrency, work.clock)
    work.progress.note(describe_outcomes(outcomes))
    work.save("pictures/execution.svg", draw_execution(json.loads(definition), history(work.aws, outcomes[0].arn)))
    refuse_failures(outcomes)
    return outcomes


def keep(work: Workplace, definition: str, name: str, picture: str) -> tuple[Path, Path]:
    """Saves a workflow's definition and its picture; the paths of both."""
    drawn = work.save(f"pictures/{picture}.svg", draw_definition(json.loads(definition)))
    return work.save(f"definitions/{name}.asl.json", definition), drawn


def refuse_failures(outcomes: Sequence[Outcome]) -> None:
    """Raises WorkflowFailedError if executions failed."""
    failed = [outcome for outcome in outcomes if outcome.status != "SUCCEEDED"]
    if failed:
        raise WorkflowFailedError(
            f"{len(failed)} of {len(outcomes)} workflow executions failed; {failed[0].name}: {failed[0].error} (see "
            f"`scones workflow show {failed[0].name}`)"
        )
