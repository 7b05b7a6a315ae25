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
@click.pass_context
def report(context: click.Context, captures: Path | None) -> None:
    """Run the monitoring pipeline, or with --captures read a folder on this machine."""
    if captures is None:
        with workplace(context) as work:
            from pipelines.run import report as run_report

            click.echo(run_report(work))
        return
    from monitoring.analyze import Options, analyze

    settings = load_settings(context)
    options = Options(classes=settings.dataset.classes, examples=settings.monitoring.examples, title=str(captures))
    output = build_folder(context) / "reports" / "monitoring"
    analyze(captures, output, options)
    click.echo(output / "report.html")
