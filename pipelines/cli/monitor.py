"""`scones monitor`: the monitoring report."""

from pathlib import Path

import click

from pipelines.cli.environment import build_folder, load_settings, workplace


@click.group()
def monitor() -> None:
    """Report on what the endpoint captured."""


@monitor.command()
@click.option(
    "--captures", type=click.Path(path_type=Path, exists=True, file_okay=False), help="A folder of JSONL files."
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    help="For captures of models that do not send one, such as SageMaker's built-in algorithm.",
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="With --captures: a folder with statistics.json and constraints.json of the training images.",
)
@click.pass_context
def report(context: click.Context, captures: Path | None, threshold: float | None, baseline: Path | None) -> None:
    """Run the monitoring pipeline, or with --captures read a folder on this machine."""
    if captures is None:
        with workplace(context) as work:
            from pipelines.operations.monitoring import report as run_report

            click.echo(run_report(work))
        return
    click.echo(_read_folder(context, captures, threshold, baseline))


def _read_folder(context: click.Context, captures: Path, threshold: float | None, baseline: Path | None) -> Path:
    from monitoring.analyze import Options, analyze
    from monitoring.errors import MonitoringError
    from pipelines.errors import DataError

    settings = load_settings(context)
    options = Options(
        settings.dataset.classes, threshold, settings.monitoring.examples, str(captures), baseline=baseline
    )
    output = build_folder(context) / "reports" / "monitoring"
    try:
        summary = analyze(captures, output, options)
    except MonitoringError as error:
        raise DataError(str(error)) from error
    click.echo(summary.overview.verdict)
    return output / "report.html"
