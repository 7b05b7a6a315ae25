"""`scones workflow`: the inference workflow."""

import json
from pathlib import Path

import click

from pipelines.cli.data import archive_option, find_archive
from pipelines.cli.environment import workplace


@click.group()
def workflow() -> None:
    """Build, ship and run the inference workflow."""


@workflow.command()
@click.pass_context
def definition(context: click.Context) -> None:
    """Write definitions/inference.asl.json and its picture."""
    with workplace(context) as work:
        from pipelines.definitions.inference import build_workflow
        from pipelines.operations.main_job import save
        from pipelines.pictures import draw_definition

        text = build_workflow(work.settings, work.names, work.aws.stepfunctions).definition.to_json(pretty=True)
        for name, content in (
            ("definitions/inference.asl.json", text),
            ("pictures/workflow.svg", draw_definition(json.loads(text))),
        ):
            save(work.build / name, content)
            click.echo(work.build / name)


@workflow.command()
@click.pass_context
def deploy(context: click.Context) -> None:
    """Create or update the state machine."""
    with workplace(context) as work:
        from pipelines.operations.workflow_executions import deploy_workflow

        deploy_workflow(work.aws, work.settings, work.names)
        click.echo(work.names.state_machine_arn)


@workflow.command()
@archive_option
@click.pass_context
def run(context: click.Context, archive: Path | None) -> None:
    """Send test photos of an archive through the workflow."""
    with workplace(context) as work:
        from pipelines.operations.main_job import classify

        for outcome in classify(work, find_archive(work, archive)):
            route = outcome.route["loading_bay"] if outcome.route else outcome.decision
            click.echo(f"{outcome.photo}: {outcome.label or '-'} ({outcome.confidence or 0:.2f}) → {route}")
