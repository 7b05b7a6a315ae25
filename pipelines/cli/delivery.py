"""`scones config`, `scones deploy` and `scones destroy`."""

from typing import TYPE_CHECKING

import click

from pipelines.cli.environment import load_settings, workplace
from pipelines.cli.local_aws import Access, unless_none_runs
from pipelines.cli.questions import ask
from pipelines.errors import DeclinedError

if TYPE_CHECKING:
    from pipelines.aws import Aws
    from pipelines.delivery.deployment import Plan, Prepared
    from pipelines.operations.workplace import Workplace
    from pipelines.settings.naming import Names


@click.command()
@click.pass_context
def config(context: click.Context) -> None:
    """Print the settings of the environment: base.yaml merged with the environment's own file."""
    import yaml

    click.echo(yaml.safe_dump(load_settings(context).model_dump(mode="json"), sort_keys=False), nl=False)


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def deploy(context: click.Context, *, yes: bool) -> None:
    """Show what differs from what is deployed, ask where delivery.confirm says so, and create or update it."""
    with workplace(context, Access.START) as work:
        from pipelines.delivery.deployment import carry_out, prepare
        from pipelines.delivery.workflow import deploy_batch_workflow, deploy_workflow
        from pipelines.operations.under_way import await_changes

        await_changes(work.aws, work.names, click.echo, work.clock)
        prepared = prepare(work.settings, work.aws)
        if prepared.changed:
            click.echo(prepared.describe())
            if work.settings.delivery.confirm and not yes:
                _ask_or_give_up(work.aws, work.names, prepared)
        click.echo(carry_out(work.settings, work.aws, prepared).describe())
        _tell_of_images(work, prepared.plan)
        deploy_workflow(work.aws, work.settings, work.names)
        deploy_batch_workflow(work.aws, work.settings, work.names)
        click.echo(work.names.state_machine_arn)
        click.echo(work.names.batch_machine_arn)


def _ask_or_give_up(aws: "Aws", names: "Names", prepared: "Prepared") -> None:
    """Goes on if the answer is yes; else takes back what was prepared. Raises as `ask` does."""
    from pipelines.delivery.deployment import give_up

    try:
        ask(f"Do this to {names.prefix} in account {aws.account}?")
    except (DeclinedError, click.Abort, click.UsageError):
        give_up(aws, prepared)
        raise


@click.command()
@click.option("--delete-data", is_flag=True, help="Also delete the bucket's contents and the registered models.")
@click.option("--despite-waiting", is_flag=True, help="Go on although photos wait for review.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def destroy(context: click.Context, *, delete_data: bool, despite_waiting: bool, yes: bool) -> None:
    """Stop what runs, and delete everything that deployments, pipelines and approvals created."""
    with unless_none_runs("nothing to delete"), workplace(context, Access.CHANGE) as work:
        from pipelines.delivery.rules import pause
        from pipelines.delivery.teardown import destroy as destroy_environment
        from pipelines.operations.stopping import stop_executions

        _tell_of_waiting(work, delete_data=delete_data, go_on=despite_waiting)
        what = "everything, data and models included" if delete_data else "everything but data and models"
        if not yes:
            ask(f"Delete {what} of {work.names.prefix} in account {work.aws.account}?")
        pause(work.aws, work.names)
        for arn in stop_executions(work.aws, work.names):
            click.echo(f"stopped: {arn}")
        click.echo(destroy_environment(work.settings, work.aws, keep_data=not delete_data).describe())


def _tell_of_images(work: "Workplace", plan: "Plan") -> None:
    """Says what is still to be built."""
    from pipelines.delivery.image_record import read_record, reason_to_build

    if plan.sources is None:
        return
    if reason := reason_to_build(work.settings, read_record(work.aws, work.names), plan.sources):
        click.echo(f"{reason}; next: scones --env {work.settings.environment} images build")


def _tell_of_waiting(work: "Workplace", *, delete_data: bool, go_on: bool) -> None:
    """Says how many photos wait for review. Raises PhotosWaitingError unless the command shall go on all the same."""
    from pipelines.errors import PhotosWaitingError
    from pipelines.review.backlog import count_waiting

    if not (count := count_waiting(work.aws, work.names)):
        return
    fate = (
        "their records would be deleted with the data"
        if delete_data
        else "their records stay in the bucket, and after the next `scones deploy` `scones review` finds them"
    )
    waiting = f"{count} {'photo waits' if count == 1 else 'photos wait'} for review; {fate}"
    if not go_on:
        raise PhotosWaitingError(f"{waiting}. Look at them (`scones review`), or go on with --despite-waiting")
    click.echo(waiting)
