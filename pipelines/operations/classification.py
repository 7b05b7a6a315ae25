"""Sends test photos through the inference workflow and draws the workflow."""

import json
import secrets
from collections.abc import Sequence
from pathlib import Path

from pipelines.data.photos import export_photos
from pipelines.delivery.workflow import deploy_workflow
from pipelines.errors import WorkflowFailedError
from pipelines.operations.summary import describe_outcomes
from pipelines.operations.workplace import Workplace
from pipelines.pictures import draw_definition, draw_execution
from pipelines.waiting.workflow_executions import Outcome, history, send
from steps.dataset.archive import read_archive


def classify(work: Workplace, archive: Path) -> list[Outcome]:
    """Deploys the workflow, runs it on test photos of the archive, and draws it.

    Raises:
        WorkflowFailedError: executions failed; the message names the first of them.
    """
    settings, names = work.settings, work.names
    definition = deploy_workflow(work.aws, settings, names)
    work.save("definitions/inference.asl.json", definition)
    classes, count = settings.dataset.classes, settings.workflow.photos
    photos = export_photos(read_archive(archive), classes, count, work.build / "photos")
    run = f"run-{secrets.token_hex(4)}"
    outcomes = send(work.aws, names, run, photos, settings.workflow.concurrency, work.clock)
    work.progress.note(describe_outcomes(outcomes))
    draw(work, definition, outcomes[0])
    refuse_failures(outcomes)
    return outcomes


def draw(work: Workplace, definition: str, outcome: Outcome) -> None:
    """Draws the workflow, and the execution that led to an outcome."""
    states = json.loads(definition)
    work.save("pictures/workflow.svg", draw_definition(states))
    work.save("pictures/execution.svg", draw_execution(states, history(work.aws, outcome.arn)))


def refuse_failures(outcomes: Sequence[Outcome]) -> None:
    """Raises WorkflowFailedError if executions failed."""
    failed = [outcome for outcome in outcomes if outcome.status != "SUCCEEDED"]
    if failed:
        raise WorkflowFailedError(
            f"{len(failed)} of {len(outcomes)} workflow executions failed; {failed[0].name}: {failed[0].error} (see "
            f"`scones workflow show {failed[0].name}`)"
        )
