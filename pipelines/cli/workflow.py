"""`scones workflow`: the inference workflow."""

import json
from pathlib import Path

import click

from pipelines.cli.data import archive_option, check_archive, find_archive
from pipelines.cli.environment import workplace
from pipelines.cli.local_aws import Access
from pipelines.cli.show import show


@click.group()
def workflow() -> None:
    """Build, deploy and run the inference workflow, and look at its executions."""


workflow.add_command(show)


@workflow.command()
@click.pass_context
def definition(context: click.Context) -> None:
    """Write definitions/inference.asl.json and its picture."""
    with workplace(context, Access.NONE) as work:
        from pipelines.delivery.workflow import workflow_definition
        from pipelines.pictures import draw_definition

        text = workflow_definition(work.aws, work.settings, work.names)
        click.echo(work.save("definitions/inference.asl.json", text))
        click.echo(work.save("pictures/workflow.svg", draw_definition(json.loads(text))))


@workflow.command()
@click.pass_context
def deploy(context: click.Context) -> None:
    """Create or update the state machine."""
    with workplace(context) as work:
        from pipelines.delivery.workflow import deploy_workflow

        deploy_workflow(work.aws, work.settings, work.names)
        click.echo(work.names.state_machine_arn)


@workflow.command()
@archive_option
@click.pass_context
def run(context: click.Context, archive: Path | None) -> None:
    """Send test photos of an archive through the workflow."""
    check_archive(archive)
    with workplace(context) as work:
        from pipelines.operations.classification import classify

        for outcome in classify(work, find_archive(work, archive)):
            route = outcome.route["loading_bay"] if outcome.route else outcome.decision
            click.echo(f"{outcome.photo}: {outcome.label or '-'} ({outcome.confidence or 0:.2f}) → {route}")
