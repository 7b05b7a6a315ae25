"""Finds or starts the local AWS for a command in the environment `local`, whatever the shell says about AWS."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.errors import FolderBusyError, LocalAwsError, NoLocalAwsError, SconesError

if TYPE_CHECKING:
    from local.server.embedded import LocalAws


NOWHERE = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}


class Access(Enum):
    """What a command does with AWS, and so which local AWS will do."""

    NONE = auto()  # none: it only needs to know the account, and all local AWSs have the same
    READ = auto()  # any that runs
    CHANGE = auto()  # one that runs and is nobody else's; what it starts must go on after the command
    START = auto()  # such a one, or else one that is started, and ends with the command


@contextmanager
def local_aws(build: Path, region: str, access: Access) -> Iterator[None]:
    """Points all AWS clients of this process at the local AWS of a build folder, and at nothing else.

    The settings that `scones local up` shows, in the shell's variables, name another one. With Access.NONE, all clients
    are pointed nowhere.

    Raises:
        NoLocalAwsError: none runs, and the command starts none.
        FolderBusyError: another command has started the one that runs.
        LocalAwsError: it does not answer, does not start, or went away while the command worked.
    """
    from local.loopback.shell import seal
    from local.server.embedded import answers, shown

    with ExitStack() as stack, explain_local_errors():
        named = shown(os.environ)
        seal(os.environ)
        if access is Access.NONE:
            os.environ.update(NOWHERE)
            yield
            return
        if named and not answers(named):
            raise LocalAwsError(
                f"no local AWS answers at {named.endpoint_url}, which AWS_ENDPOINT_URL names, to these credentials. "
                "Start it (`scones local up`) and export what it shows, which is new at each start (a role is assumed "
                "anew then), or unset AWS_ENDPOINT_URL"
            )
        aws = named or _of_folder(build / "local", region, access, stack)
        os.environ.update(aws.environment)
        try:
            yield
        except SconesError as error:
            if isinstance(error, LocalAwsError) or answers(aws):
                raise
            raise LocalAwsError(
                f"the local AWS at {aws.endpoint_url} has gone away while the command worked; start it (`scones local "
                "up`), and run the command again"
            ) from error


def _of_folder(data: Path, region: str, access: Access, stack: ExitStack) -> "LocalAws":
    """The local AWS of a data folder, or one that is started until the stack is closed."""
    from local.runtime.ownership import owner_of
    from local.server.embedded import LOCK_FILE, running, start
    from local.server.folders import held

    if found := running(data):
        owner = owner_of(data / LOCK_FILE)
        if owner and owner.parent and access is not Access.READ:
            raise FolderBusyError(
                f"the local AWS of {data} belongs to another command ({owner}) and ends with it; wait until then"
            )
        return found
    if access is not Access.START:
        holds = bool(held(data))
        before = ", with all that was made there before" if holds else ""
        raise NoLocalAwsError(
            f"no local AWS runs in {data}. `scones local up` starts one{before}, for other commands to fill and read; "
            "`scones run` does everything with one of its own",
            holds=holds,
        )
    return stack.enter_context(start(data, region))


@contextmanager
def unless_none_runs(nothing: str) -> Iterator[None]:
    """For a command whose answer is as good without a local AWS as with an empty one; `nothing` is that answer."""
    try:
        yield
    except NoLocalAwsError as error:
        if error.holds:
            raise
        click.echo(f"{nothing}: {error}")


@contextmanager
def explain_local_errors() -> Iterator[None]:
    """Turns the local AWS's own error into LocalAwsError."""
    from local.protocol.errors import LocalAwsError as Cause

    try:
        yield
    except Cause as error:
        raise LocalAwsError(str(error)) from error


@contextmanager
def only_one(build: Path) -> Iterator[None]:
    """Has the results of a build folder for this command alone.

    Raises:
        FolderBusyError: another `scones run` works there.
    """
    from local.runtime.ownership import OwnedError, Owner, own

    with ExitStack() as stack:
        try:
            stack.enter_context(own(build / "run.lock", Owner()))
        except OwnedError as error:
            raise FolderBusyError(
                f"another `scones run` works in {build} ({error.owner}); wait until it has ended, or choose another "
                "folder with --build"
            ) from error
        yield
