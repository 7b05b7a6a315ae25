"""`scones pipeline`: the training pipeline."""

import json
from pathlib import Path

import click

from pipelines.cli.data import archive_option, check_archive, find_archive
from pipelines.cli.environment import git_commit, workplace
from pipelines.cli.local_aws import Access


@click.group()
def pipeline() -> None:
    """Build, upsert, start and follow the training pipeline."""


@pipeline.command()
@click.pass_context
def definition(context: click.Context) -> None:
    """Write the definitions of both pipelines, and pictures of them."""
    with workplace(context, Access.NONE) as work:
        from pipelines.delivery.release import KINDS, prepare
        from pipelines.pictures import draw_pipeline

        for kind in KINDS:
            text = prepare(work.sagemaker_session, work.settings, work.names, kind).definition
            click.echo(work.save(f"definitions/{kind}.json", text))
            click.echo(work.save(f"pictures/{kind}.svg", draw_pipeline(json.loads(text))))


@pipeline.command()
@click.pass_context
def upsert(context: click.Context) -> None:
    """Create or update both pipelines."""
    with workplace(context) as work:
        from pipelines.delivery import release

        for kind in release.KINDS:
            built = release.prepare(work.sagemaker_session, work.settings, work.names, kind)
            click.echo(release.upsert(work.aws, work.names, built))


@pipeline.command()
@archive_option
@click.option("--wait", is_flag=True, help="Follow the execution; the exit code says how it ended.")
@click.option("--parameter", "-p", "pairs", multiple=True, metavar="NAME=VALUE", help="A pipeline parameter.")
@click.pass_context
def start(context: click.Context, archive: Path | None, pairs: tuple[str, ...], *, wait: bool) -> None:
    """Upload the archive and start the training pipeline."""
    given = _parameters(pairs)
    if "InputDataUri" not in given:
        check_archive(archive)
    with workplace(context) as work:
        from pipelines.delivery import release
        from pipelines.delivery.parameters import check_parameters
        from pipelines.operations.champion import champion_parameters
        from pipelines.operations.training import start_and_follow
        from pipelines.packages.uploads import upload_archive

        check_parameters(work.aws, work.settings, work.names.training_pipeline, given)
        if "InputDataUri" not in given:
            given["InputDataUri"] = upload_archive(work.aws, work.names, find_archive(work, archive))
        if "ChampionModelUri" not in given:
            given = {**champion_parameters(work.aws, work.names), **given}
        parameters = {"GitCommit": git_commit(), **given}
        if wait:
            execution = start_and_follow(work, work.names.training_pipeline, parameters)
            click.echo(f"{execution.arn} Succeeded")
        else:
            click.echo(release.start(work.aws, work.names.training_pipeline, parameters))


@pipeline.command()
@click.argument("execution_arn")
@click.pass_context
def follow(context: click.Context, execution_arn: str) -> None:
    """Follow an execution that is already running."""
    with workplace(context, Access.READ) as work, work.progress.steps():
        from pipelines.waiting.pipeline_executions import follow as watch

        watch(work.aws, execution_arn, work.settings.pipeline.timeout_minutes * 60, work.progress.show)


def _parameters(pairs: tuple[str, ...]) -> dict[str, str]:
    given = dict(_pair(each) for each in pairs)
    if len(given) < len(pairs):
        raise click.BadParameter(f"a parameter is given twice: {', '.join(pairs)}")
    return given


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise click.BadParameter(f"'{text}': expected NAME=VALUE, such as MinimumAccuracy=0.9")
    return name, value
