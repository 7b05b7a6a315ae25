"""`scones local`: the local AWS."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import click

from local.loopback.shell import loopback_without_proxy
from pipelines.cli.environment import build_folder, load_settings
from pipelines.cli.local_aws import explain_local_errors
from pipelines.cli.questions import ask

PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}
# Variables that would keep an AWS client from the address and the keys that it is given.
ELSEWHERE = re.compile(
    r"AWS_(ENDPOINT_URL_\w+|(DEFAULT_)?PROFILE|SESSION_TOKEN|REGION|IGNORE_CONFIGURED_ENDPOINT_URLS|USE_\w+_ENDPOINT)"
)
data_option = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), help="Default: `local` in the build folder."
)


@click.group()
def local() -> None:
    """A SageMaker, Step Functions and Lambda that run on this machine."""


@local.command()
@click.option("--port", default=4566, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@data_option
@click.option("--region", help="Default: the configuration's.")
@click.option("--enforce-iam", is_flag=True, help="Hold jobs, functions and workflows to the policies of their roles.")
@click.pass_context
def up(context: click.Context, port: int, data: Path | None, region: str | None, enforce_iam: bool) -> None:
    """Start it and show what happens, until Ctrl-C; other commands then use the one in the build folder."""
    from local.server.process import serve

    with explain_local_errors():
        serve(
            data or build_folder(context) / "local",
            region or load_settings(context).region,
            port,
            enforce_iam=enforce_iam,
            announce=lambda local: export_lines(os.environ, local.endpoint_url, local.environment, local.status_url),
        )


@local.command()
@data_option
@click.pass_context
def status(context: click.Context, data: Path | None) -> None:
    """Show whether one runs, what the folder holds, and how large that is."""
    from local.server.folders import status as look
    from local.server.folders import summary

    folder = data or build_folder(context) / "local"
    with explain_local_errors():
        found = look(folder)
    click.echo(f"{folder}: " + (f"up at {found.endpoint_url} ({found.owner})" if found.owner else "none runs"))
    click.echo(f"  holds {summary(folder)}")
    for part, size in found.sizes.items():
        click.echo(f"  {part:<8} {size / 1e6:8.1f} MB")


@local.command()
@data_option
@click.pass_context
def down(context: click.Context, data: Path | None) -> None:
    """Stop the one of the build folder, and wait until it has ended. What it holds stays."""
    from local.server.folders import stop

    folder = data or build_folder(context) / "local"
    with explain_local_errors():
        ended = stop(folder)
    click.echo(
        f"{folder}: stopped ({ended}); `scones local up` goes on with all it holds"
        if ended
        else f"none runs in {folder}"
    )


@local.command()
@data_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def reset(context: click.Context, data: Path | None, yes: bool) -> None:
    """Forget everything that was made: the folder's memory, objects and logs. None may run there."""
    from local.server.folders import reset as forget
    from local.server.folders import summary

    folder = data or build_folder(context) / "local"
    with explain_local_errors():
        if not yes:
            ask(f"{folder} holds {summary(folder)}. Forget all of it?")
        forget(folder)
    click.echo(f"{folder}: all is forgotten")


@local.command()
@data_option
@click.argument("words", nargs=-1)
@click.pass_context
def logs(context: click.Context, data: Path | None, words: tuple[str, ...]) -> None:
    """Show what the Lambda functions logged, oldest first; with WORDS, only lines that have all of them.

    Words can be a function, a photo's key, or the name of a workflow execution.
    """
    from pipelines.operations.inspection.function_logs import describe, read

    folder = data or build_folder(context) / "local"
    for text in map(describe, read(folder / "logs")):
        if all(word in text for word in words):
            click.echo(text)


def export_lines(shell: Mapping[str, str], endpoint_url: str, variables: dict[str, str], status_url: str) -> str:
    """The lines that point AWS clients in a shell at the local AWS, whatever this shell points them at now."""
    exports = dict(variables)
    if any(name.upper() in PROXIES for name in shell):
        exports |= loopback_without_proxy(shell)
    lines = [f"export {name}={value}" for name, value in exports.items()]
    if elsewhere := sorted(name for name in shell if ELSEWHERE.fullmatch(name)):
        lines.append(f"unset {' '.join(elsewhere)}")
    head = f"The local AWS is up at {endpoint_url}, and shows what it does at {status_url}"
    return "\n".join([head, "Any AWS client finds it with", "", *lines, ""])
