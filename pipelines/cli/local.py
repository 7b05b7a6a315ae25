"""`scones local`: the local AWS."""

import click

from pipelines.cli.environment import build_folder, explain_local_errors, load_settings


@click.group()
def local() -> None:
    """A SageMaker, Step Functions and Lambda that run on this machine."""


@local.command()
@click.option("--port", default=4566, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--region", help="Default: the configuration's.")
@click.pass_context
def up(context: click.Context, port: int, region: str | None) -> None:
    """Start it and show what happens, until Ctrl-C; other commands then use it."""
    from local.server import serve

    with explain_local_errors():
        serve(port=port, data=build_folder(context) / "local", region=region or load_settings(context).region)
