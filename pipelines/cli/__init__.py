"""The `scones` command. Its exit codes are those of `pipelines.errors`, 2 for wrong usage, 13 and 130.

May import all other rooms, and starts the local AWS. Nothing imports it.
"""

import errno
import io
import sys
from pathlib import Path

import click

from pipelines.cli import (
    cost,
    data,
    delivery,
    doctor,
    images,
    local,
    monitor,
    pipeline,
    registry,
    review,
    run,
    traffic,
    workflow,
)
from pipelines.cli.environment import Choices
from pipelines.errors import SconesError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--env",
    "environment",
    envvar="SCONES_ENV",
    default="local",
    show_default=True,
    help="Environment: a file in configs/. `local` needs no AWS account.",
)
@click.option("--build", default="build", show_default=True, type=click.Path(file_okay=False), help="Where results go.")
@click.option(
    "--configs",
    envvar="SCONES_CONFIGS",
    type=click.Path(file_okay=False, exists=True),
    help="Folder of the configuration files. Default: the project's own.",
)
@click.version_option(package_name="scones-unlimited", prog_name="scones")
@click.pass_context
def cli(context: click.Context, environment: str, build: str, configs: str | None) -> None:
    """Tells bicycles from motorcycles: data, training, deployment, inference and monitoring."""
    context.obj = Choices(environment, Path(build), Path(configs) if configs else None)


for command in (
    run.run,
    delivery.config,
    delivery.deploy,
    delivery.destroy,
    cost.cost,
    doctor.doctor,
    images.images,
    data.data,
    pipeline.pipeline,
    workflow.workflow,
    traffic.traffic,
    review.review,
    registry.registry,
    monitor.monitor,
    local.local,
):
    cli.add_command(command)


# What a file system says that is full, read-only or not for this user, or where a file stands in a folder's place.
FILES = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EISDIR,
    errno.ENOTDIR,
    errno.EEXIST,
    errno.ENAMETOOLONG,
}


def main() -> None:
    """Runs the command line. An expected error prints one message and sets its own exit code.

    That is 13 for what the file system refuses, and 130 for an interruption.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without such letters gets question marks
    try:
        cli(standalone_mode=False)
    except SconesError as error:
        click.echo(f"scones: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in FILES:
            raise
        named = f"{error.filename}: " if error.filename else ""
        click.echo(f"scones: {named}{error.strerror}. Results go to the folder that --build names", err=True)
        sys.exit(13)
    except (click.Abort, KeyboardInterrupt):
        click.echo("scones: interrupted", err=True)
        sys.exit(130)
