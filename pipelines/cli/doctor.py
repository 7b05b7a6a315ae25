"""`scones doctor`: whether an environment is in order."""

import click

from pipelines.cli.environment import workplace
from pipelines.cli.local_aws import Access


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Look over the environment, and say of each thing that it is ok, or what to do. Changes nothing."""
    with workplace(context, Access.READ) as work:
        from pipelines.doctor.examination import examine
        from pipelines.errors import NotInOrderError

        wanting = 0
        for finding in examine(work.aws, work.settings, work.names):
            click.echo(finding.line())
            wanting += finding.state == "do"
        if wanting:
            raise NotInOrderError(f"{wanting} things to do in {work.names.prefix}")
