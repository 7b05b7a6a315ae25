"""Questions to whoever types commands."""

import sys

import click

from pipelines.errors import DeclinedError

NOBODY = "this command asks, and nobody can answer here; --yes does not ask"


def ask(question: str) -> None:
    """Goes on if the answer is yes.

    Raises:
        DeclinedError: the answer is no.
        click.Abort: the question was interrupted.
        click.UsageError: nobody answers, since standard input has ended or is closed, as in a script.
    """
    if sys.stdin is None:
        raise click.UsageError(NOBODY)
    try:
        agreed = click.confirm(question)
    except click.Abort as error:
        if isinstance(error.__context__, EOFError):  # click tells an interruption in the same way
            click.echo(err=True)  # ends the line of the question
            raise click.UsageError(NOBODY) from error
        raise
    if not agreed:
        raise DeclinedError("nothing was done, because the answer was no")
