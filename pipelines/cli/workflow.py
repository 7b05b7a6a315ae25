"""`scones workflow`: the workflows for one photo and for many."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli.data import archive_option, check_archive, find_archive
from pipelines.cli.environment import workplace
from pipelines.cli.local_aws import Access
from pipelines.cli.show import show

if TYPE_CHECKING:
    from pipelines.operations.batch.source import Format


@click.group()
def workflow() -> None:
    """Build, deploy and run the workflows for one photo and for many, and look at executions."""


workflow.add_command(show)


@workflow.command()
@click.pass_context
def definition(context: click.Context) -> None:
    """Write definitions/inference.asl.json, definitions/batch.asl.json, and their pictures."""
    with workplace(context, Access.NONE) as work:
        from pipelines.delivery.workflow import batch_definition, workflow_definition
        from pipelines.operations.classification import keep

        for build, name, picture in (
            (workflow_definition, "inference", "workflow"),
            (batch_definition, "batch", "batch"),
        ):
            for path in keep(work, build(work.aws, work.settings, work.names), name, picture):
                click.echo(path)


@workflow.command()
@click.pass_context
def deploy(context: click.Context) -> None:
    """Create or update both state machines, for one photo and for many."""
    with workplace(context) as work:
        from pipelines.delivery.workflow import deploy_batch_workflow, deploy_workflow

        deploy_workflow(work.aws, work.settings, work.names)
        deploy_batch_workflow(work.aws, work.settings, work.names)
        click.echo(work.names.state_machine_arn)
        click.echo(work.names.batch_machine_arn)


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


@workflow.command()
@click.argument("source", metavar="S3_URI")
@click.option(
    "--format",
    "given",
    type=click.Choice(["prefix", "csv", "json", "jsonl", "inventory"]),
    help="Default: by the key's ending; manifest.json is an inventory, and what has no such ending a prefix.",
)
@click.option("--watch", is_flag=True, help="Follow the run, then write result table, totals and summary.")
@click.option("--fresh", is_flag=True, help="Start another run, whatever became of the last one.")
@click.pass_context
def batch(context: click.Context, source: str, given: "Format | None", *, watch: bool, fresh: bool) -> None:
    """Decide many photos at once: those whose keys begin with S3_URI, or those on a list.

    A run that was interrupted is gone on with: the same command follows it while it runs, and starts it again where it
    has failed or was stopped, without doing again what is done.
    """
    with workplace(context) as work:
        from pipelines.operations.batch import command
        from pipelines.operations.batch.source import parse_source

        attempt = command.begin(work, parse_source(source, given, work.names), fresh=fresh)
        if not watch:
            click.echo(attempt.arn)
            return
        try:
            summary = command.watch(work, attempt)
        except KeyboardInterrupt:
            click.echo("The run goes on. The same command follows it again.", err=True)
            raise
        for line in command.lines(summary):
            click.echo(line)
