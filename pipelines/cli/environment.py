"""Prepares what commands work with: settings, a connection to AWS or the local AWS, and a console."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipelines.operations.workplace import Workplace
    from pipelines.settings.model import Settings


@dataclass(frozen=True)
class Choices:
    """The options of `scones` itself, which apply to all commands."""

    environment: str
    build: Path
    configs: Path | None


def load_settings(context: click.Context) -> "Settings":
    """The settings of the environment that the command line names."""
    from pipelines.settings.reading import CONFIGS, load

    choices: Choices = context.obj
    return load(choices.environment, choices.configs or CONFIGS)


def build_folder(context: click.Context) -> Path:
    """The folder for results."""
    choices: Choices = context.obj
    return choices.build


@contextmanager
def workplace(context: click.Context) -> Iterator["Workplace"]:
    """Connects to AWS. A local AWS that is started for this ends with it."""
    settings = load_settings(context)
    build = build_folder(context)
    with _local_aws(settings, build):
        # The roles come from our own template, so the SDK need not simulate their policies.
        os.environ.setdefault("SAGEMAKER_VALIDATE_ROLE", "false")
        os.environ["AWS_DEFAULT_REGION"] = settings.region  # the SDK needs a region when it is imported
        from rich.console import Console

        from pipelines.aws import Aws, explain_errors
        from pipelines.operations.progress import Progress
        from pipelines.operations.workplace import Workplace
        from pipelines.sagemaker_sdk import quiet
        from pipelines.settings.naming import Names

        with quiet(), explain_errors():
            aws = Aws.connect(settings.region, os.environ)
            names = Names.of(settings, aws.account)
            yield Workplace(settings, names, aws, build, Progress(Console(stderr=False, highlight=False)))


@contextmanager
def _local_aws(settings: "Settings", build: Path) -> Iterator[None]:
    """For the environment `local`: uses the local AWS of the build folder, or starts one until the command ends."""
    if settings.environment != "local" or "AWS_ENDPOINT_URL" in os.environ:
        yield
        return
    from local.server.embedded import running, start

    data = build / "local"
    found = running(data)
    with explain_local_errors(), nullcontext(found) if found else start(data, settings.region) as aws:
        os.environ.update(aws.environment)
        yield


@contextmanager
def explain_local_errors() -> Iterator[None]:
    """Turns the local AWS's own error into LocalAwsError."""
    from local.protocol.errors import LocalAwsError as Cause
    from pipelines.errors import LocalAwsError

    try:
        yield
    except Cause as error:
        raise LocalAwsError(str(error)) from error


def git_commit() -> str:
    """The commit that CodeBuild builds, else the one that is checked out; `unknown` without git or a repository."""
    if version := os.environ.get("CODEBUILD_RESOLVED_SOURCE_VERSION"):
        return version
    root = Path(__file__).parent
    try:
        found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:  # git is not installed
        return "unknown"
    return found.stdout.strip() or "unknown"
