"""`scones review`: people look at the photos that the workflow could not decide."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from pipelines.cli.environment import workplace
from pipelines.cli.local_aws import Access

if TYPE_CHECKING:
    from pipelines.operations.workplace import Workplace
    from pipelines.review.session import Session


@click.group(invoke_without_command=True)
@click.option("--terminal", is_flag=True, help="In this terminal, without a browser.")
@click.option("--port", default=0, show_default="a free one", help="Port of the page on 127.0.0.1.")
@click.pass_context
def review(context: click.Context, port: int, *, terminal: bool) -> None:
    """Look at photos that wait for a person, one after another; answers become ground truth.

    Serves a page on this machine until it is interrupted (Ctrl-C), and shows the page's address.
    """
    if context.invoked_subcommand is not None:
        return
    with workplace(context) as work, _session(work) as session:
        if terminal:
            from pipelines.review.terminal import review as review_here

            review_here(session, work.progress.console, click.getchar)
        else:
            _serve(session, port)


@review.command()
@click.pass_context
def status(context: click.Context) -> None:
    """Show how many photos wait, since when, and how far reviewers agree."""
    with workplace(context, Access.READ) as work:
        from pipelines.review.backlog import look

        found = look(work.aws, work.names)
        oldest = f", the oldest since {found.oldest:%Y-%m-%d %H:%M} UTC" if found.oldest else ""
        click.echo(f"waiting: {found.waiting}{oldest} (the queue holds about {found.queued} messages)")
        click.echo(f"answered: {found.answered}")
        click.echo(f"agreement: {found.agreement.text}")


def _serve(session: "Session", port: int) -> None:
    from threading import Event

    from local.loopback.pages import why_refused
    from pipelines.review.page.server import serving

    with serving(session, why_refused, port) as address:
        click.echo(f"{address}\nOpen this address in a browser on this machine; Ctrl-C ends the review.")
        try:
            Event().wait()
        except KeyboardInterrupt:
            click.echo("")


@contextmanager
def _session(work: "Workplace") -> Iterator["Session"]:
    """A session of whoever calls AWS. What it holds goes back to the queue at the end, whatever happens."""
    from pipelines.review.answers import Reviewer
    from pipelines.review.archive import Archive
    from pipelines.review.backlog import send_lost
    from pipelines.review.queue import ReviewQueue
    from pipelines.review.session import Session

    archive, queue = Archive(work.aws, work.names), ReviewQueue(work.aws, work.names)
    if again := send_lost(archive, queue):
        click.echo(f"{again} photos wait that the queue no longer held; they were sent to it again")
    reviewer = Reviewer(work.aws.caller_arn)
    session = Session(archive, queue, reviewer, work.settings.dataset.classes, work.settings.review.second_opinions)
    try:
        yield session
    finally:
        session.close()
        click.echo(f"{session.answered} answered by {reviewer.name}")
