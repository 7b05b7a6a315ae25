"""`scones workflow show`: one execution, in the terminal and as a picture."""

import click

from pipelines.cli.environment import workplace
from pipelines.cli.local_aws import Access


@click.command()
@click.argument("execution")
@click.pass_context
def show(context: click.Context, execution: str) -> None:
    """Show what happened in an execution: times, tries, errors and payload sizes of its states.

    EXECUTION is the name of an execution of the workflow for one photo or of that for many, or the ARN of any.
    """
    with workplace(context, Access.READ) as work:
        from pipelines.operations.inspection.execution import look
        from pipelines.operations.inspection.execution_table import errors, heading, table

        seen = look(work, execution)
        console = work.progress.console
        console.print(heading(seen), soft_wrap=True)
        work.progress.print_table(table(seen))
        for line in errors(seen):
            console.print(line, soft_wrap=True)
        click.echo(work.save(f"pictures/executions/{seen.name}.svg", seen.picture))
