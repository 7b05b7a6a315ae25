"""`scones registry`: the model registry."""

import json

import click

from pipelines.cli.environment import workplace

version_argument = click.argument("version", type=click.IntRange(min=1), required=False)


@click.group()
def registry() -> None:
    """List, show, approve and reject model versions."""


@registry.command(name="list")
@click.pass_context
def list_versions(context: click.Context) -> None:
    """All versions, newest first."""
    with workplace(context) as work:
        from pipelines.registry import versions

        found = versions(work.aws, work.names)
        for each in found:
            accuracy = each.metadata.get("accuracy", "?")
            click.echo(f"{each.version:>4}  {each.status:<22} accuracy {accuracy:<8} {each.created:%Y-%m-%d %H:%M}")
        if not found:
            click.echo(f"{work.names.model_package_group}: no model is registered yet (scones pipeline start --wait)")


@registry.command()
@version_argument
@click.pass_context
def show(context: click.Context, version: int | None) -> None:
    """One version with its metadata; the newest by default."""
    with workplace(context) as work:
        from pipelines.registry import find

        found = find(work.aws, work.names, version)
        click.echo(f"{found.arn}\n{found.status}{': ' + found.reason if found.reason else ''}")
        click.echo(json.dumps(dict(found.metadata), indent=2))


@registry.command()
@version_argument
@click.option("--reason", required=True, help="Kept with the version.")
@click.pass_context
def approve(context: click.Context, version: int | None, reason: str) -> None:
    """Approve a version (the newest by default), and wait until the endpoint serves it."""
    with workplace(context) as work:
        from pipelines.endpoint import wait_in_service
        from pipelines.registry import decide, find

        found = find(work.aws, work.names, version)
        decide(work.aws, found, "Approved", reason)
        timeout = work.settings.endpoint.timeout_minutes * 60
        name = wait_in_service(work.aws, work.names, found.arn, timeout)
        click.echo(f"version {found.version} is approved, and {name} serves it")


@registry.command()
@version_argument
@click.option("--reason", required=True, help="Kept with the version.")
@click.pass_context
def reject(context: click.Context, version: int | None, reason: str) -> None:
    """Reject a version (the newest by default)."""
    with workplace(context) as work:
        from pipelines.registry import decide, find

        found = find(work.aws, work.names, version)
        decide(work.aws, found, "Rejected", reason)
        click.echo(f"version {found.version} is rejected; if the endpoint serves it, it goes back to an approved one")
