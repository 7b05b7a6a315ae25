"""Prepares what commands work with: settings, a connection to AWS or the local AWS, and a console."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli.local_aws import Access, local_aws

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
def workplace(context: click.Context, access: Access = Access.CHANGE) -> Iterator["Workplace"]:
    """Connects to AWS. `access` says which local AWS will do, where the environment has one."""
    settings = load_settings(context)
    build = build_folder(context)
    with _connection(settings, build, access):
        # The roles come from our own template, so the SDK need not simulate their policies.
        os.environ.setdefault("SAGEMAKER_VALIDATE_ROLE", "false")
        os.environ["AWS_DEFAULT_REGION"] = settings.region  # the SDK needs a region when it is imported
        from rich.console import Console

        from local.runtime.context import ACCOUNT as LOCAL_ACCOUNT
        from pipelines.aws import Aws, explain_errors
        from pipelines.console.progress import Progress
        from pipelines.operations.workplace import Workplace
        from pipelines.sagemaker_sdk import quiet
        from pipelines.settings.naming import Names

        with quiet(), explain_errors():
            aws = Aws.connect(settings.region, os.environ)
            offline = settings.environment == "local" and access is Access.NONE
            names = Names.of(settings, LOCAL_ACCOUNT if offline else aws.account)
            yield Workplace(settings, names, aws, build, Progress(Console(stderr=False, highlight=False)))


def _connection(settings: "Settings", build: Path, access: Access) -> AbstractContextManager[None]:
    """The local AWS for the environment `local`; for others the AWS that the shell's variables and files name."""
    from local.loopback.shell import loopback_without_proxy

    if settings.environment == "local":
        return local_aws(build, settings.region, access)
    os.environ.update(loopback_without_proxy(os.environ))
    return nullcontext()


def git_commit() -> str:
    """The commit that CodeBuild builds, else the one that is checked out; `unknown` without git or a repository."""
    if version := os.environ.get("CODEBUILD_RESOLVED_SOURCE_VERSION"):
        return version
    root = Path(__file__).parent
    try:
        found = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, check=False)
    except OSError:  # git is not installed, or cannot be run
        return "unknown"
    return found.stdout.decode("ascii", "replace").strip() or "unknown"
