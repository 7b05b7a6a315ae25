"""`scones run`: the main job."""

from pathlib import Path

import click

from pipelines.cli.data import archive_option, check_archive, find_archive
from pipelines.cli.environment import build_folder, git_commit, load_settings, workplace
from pipelines.cli.local_aws import Access, only_one


@click.command()
@archive_option
@click.pass_context
def run(context: click.Context, archive: Path | None) -> None:
    """Everything once: train, deploy, classify test photos, monitor."""
    load_settings(context)  # a mistake in them or in the archive is told before anything is written
    check_archive(archive)
    with only_one(build_folder(context)), workplace(context, Access.START) as work:
        raw = find_archive(work, archive)  # first, as the SageMaker SDK takes seconds to import

        from rich.text import Text

        from pipelines.operations.main_job import run as main_job
        from pipelines.operations.summary import lines

        summary = main_job(work, raw, git_commit())
        work.progress.console.print(Text("Summary", style="bold"))
        for heading, text in lines(summary):
            work.progress.console.print(
                Text(f"  {heading:<18} ", style="bold").append(text, style="not bold"), soft_wrap=True
            )
