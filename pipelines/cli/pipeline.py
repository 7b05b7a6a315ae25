"""`scones pipeline`: the training pipeline."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli.data import archive_option, check_archive, find_archive
from pipelines.cli.environment import git_commit, workplace
from pipelines.cli.local_aws import Access

if TYPE_CHECKING:
    from pipelines.operations.workplace import Workplace


@click.group()
def pipeline() -> None:
    """Build, upsert, start and follow the training pipeline."""


@pipeline.command()
@click.pass_context
def definition(context: click.Context) -> None:
    """Write the definitions of all pipelines, and pictures of them."""
    with workplace(context, Access.NONE) as work:
        from pipelines.delivery.release import KINDS, prepare
        from pipelines.pictures import draw_pipeline

        for kind in KINDS:
            text = prepare(work.aws, work.sagemaker_session, work.settings, work.names, kind).definition
            click.echo(work.save(f"definitions/{kind}.json", text))
            click.echo(work.save(f"pictures/{kind}.svg", draw_pipeline(json.loads(text))))


@pipeline.command()
@click.pass_context
def upsert(context: click.Context) -> None:
    """Create or update all pipelines."""
    with workplace(context) as work:
        from pipelines.delivery import release

        for kind in release.KINDS:
            built = release.prepare(work.aws, work.sagemaker_session, work.settings, work.names, kind)
            click.echo(release.upsert(work.aws, work.names, built))


@pipeline.command()
@click.pass_context
def changes(context: click.Context) -> None:
    """Say what differs between the definitions and the pipelines that are deployed."""
    with workplace(context, Access.READ) as work:
        from pipelines.delivery.comparison import changes as differing
        from pipelines.delivery.comparison import deployed_definition
        from pipelines.delivery.release import KINDS, prepare

        for kind in KINDS:
            built = prepare(work.aws, work.sagemaker_session, work.settings, work.names, kind)
            lines = differing(deployed_definition(work.aws, built.pipeline.name), built.definition)
            click.echo(f"{built.pipeline.name}: {'unchanged' if not lines else f'{len(lines)} changes'}")
            click.echo("".join(f"  {line}\n" for line in lines), nl=False)


@pipeline.command()
@archive_option
@click.option("--reviewed", is_flag=True, help="Also train on the photos that people have reviewed.")
@click.option("--wait", is_flag=True, help="Follow the execution; the exit code says how it ended.")
@click.option("--parameter", "-p", "pairs", multiple=True, metavar="NAME=VALUE", help="A pipeline parameter.")
@click.option(
    "--if-changed", is_flag=True, help="Not if the last execution succeeded with the same data and definition."
)
@click.option("--variables", type=click.Path(dir_okay=False, path_type=Path), help="Write what came of it for a shell.")
@click.pass_context
def start(
    context: click.Context,
    archive: Path | None,
    pairs: tuple[str, ...],
    variables: Path | None,
    *,
    reviewed: bool,
    wait: bool,
    if_changed: bool,
) -> None:
    """Upload the archive and start the training pipeline."""
    given = _parameters(pairs)
    if "InputDataUri" not in given:
        check_archive(archive)
    with workplace(context) as work:
        from pipelines.delivery.comparison import earlier_execution
        from pipelines.delivery.parameters import check_parameters
        from pipelines.operations.champion import champion_parameters
        from pipelines.packages.uploads import upload_archive

        check_parameters(work.aws, work.settings, work.names.training_pipeline, given)
        if "InputDataUri" not in given:
            given["InputDataUri"] = upload_archive(work.aws, work.names, find_archive(work, archive))
        if reviewed:
            from pipelines.review.snapshot import take_snapshot

            snapshot = take_snapshot(work.aws, work.names)
            click.echo(snapshot.describe(), err=True)
            given.setdefault("ReviewedDataUri", snapshot.uri)
        earlier = earlier_execution(work.aws, work.names.training_pipeline, given) if if_changed else None
        if earlier and not earlier.runs:
            click.echo(f"nothing to train: data, code and settings are those of {earlier.arn}, which succeeded")
            return
        if "ChampionModelUri" not in given:
            given = {**champion_parameters(work.aws, work.names), **given}
        parameters = {"GitCommit": git_commit(), **given}
        _run(work, earlier.arn if earlier else None, parameters, variables, wait=wait)


def _run(
    work: "Workplace", arn: str | None, parameters: Mapping[str, str], variables: Path | None, *, wait: bool
) -> None:
    """Starts an execution, unless one with this ARN runs already, and follows it to its end if that is waited for."""
    from pipelines.delivery import release
    from pipelines.operations.build_variables import write_variables
    from pipelines.operations.training import follow_training

    arn = arn or release.start(work.aws, work.names.training_pipeline, parameters)
    try:
        if wait:
            follow_training(work, arn)
        click.echo(f"{arn} Succeeded" if wait else arn)
    finally:
        if variables:
            write_variables(work, variables, parameters["GitCommit"], arn)


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
