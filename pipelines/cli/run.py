"""`scones run`: the main job."""

from pathlib import Path

import click

from pipelines.cli.data import archive_option, find_archive
from pipelines.cli.environment import git_commit, workplace


@click.command()
@archive_option
@click.pass_context
def run(context: click.Context, archive: Path | None) -> None:
    """Everything once: train, deploy, classify test photos, monitor."""
    with workplace(context) as work:
        from rich.table import Table

        from pipelines.run import run as main_job
        from pipelines.summary import lines

        raw = find_archive(work, archive)
        summary = main_job(work, raw, git_commit())
        table = Table(title="Summary", title_justify="left", box=None, show_header=False, padding=(0, 2))
        for heading, text in lines(summary):
            table.add_row(f"[bold]{heading}", text)
        work.progress.console.print(table)
