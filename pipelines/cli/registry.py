"""`scones registry`: the model registry, for the person who approves models."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from pipelines.cli.environment import workplace
from pipelines.cli.local_aws import Access, unless_none_runs
from pipelines.cli.questions import ask

if TYPE_CHECKING:
    from pipelines.operations.workplace import Workplace
    from pipelines.registry.decisions import Consequence
    from pipelines.registry.versions import ModelVersion

version_argument = click.argument("version", type=click.IntRange(min=1), required=False)
reason_option = click.option("--reason", required=True, help="The reason, which is kept with the version.")


@click.group()
def registry() -> None:
    """List, show, trace, compare, approve, reject and rebase model versions."""


@registry.command(name="list")
@click.pass_context
def list_versions(context: click.Context) -> None:
    """All versions, newest first."""
    with unless_none_runs("no model is registered yet"), workplace(context, Access.READ) as work:
        from lambdas.shared.production import in_production
        from pipelines.operations.champion import serving
        from pipelines.registry import tables
        from pipelines.registry.marks import marked_versions

        known = marked_versions(work.aws, work.names)
        if not known:
            click.echo(f"{work.names.model_package_group}: no model is registered yet (scones pipeline start --wait)")
            return
        served = serving(work.aws, work.names)
        say(work, tables.listing_verdict(known, in_production(known, served)))
        work.progress.print_table(tables.listing(known, served))


@registry.command()
@version_argument
@click.pass_context
def show(context: click.Context, version: int | None) -> None:
    """One version, verdict first; the newest by default."""
    with workplace(context, Access.READ) as work:
        from pipelines.registry import tables
        from pipelines.registry.evaluations import read
        from pipelines.registry.versions import find, versions

        found = find(versions(work.aws, work.names), work.names, version)
        document = read(work.aws, found).document
        say(work, f"Version {found.version}: {document['headline']}")
        console = work.progress.console
        console.print(document["explanation"], soft_wrap=True, markup=False)
        console.print(tables.status(found))
        for reason in found.reasons:
            console.print(reason, soft_wrap=True, markup=False)
        if document["synthetic"]:
            console.print("Generated data: these figures say nothing about real vehicles.", style="yellow")
        production = document["champion"]["measurements"] if document["champion"] else None
        for table in (
            tables.side_by_side(document, production, ("This version", "In production then")),
            tables.gates(document),
            tables.provenance(found),
        ):
            console.print()
            work.progress.print_table(table)


@registry.command()
@version_argument
@click.pass_context
def page(context: click.Context, version: int | None) -> None:
    """A link to the decision page of a version, for the browser; it works for an hour."""
    with workplace(context, Access.READ) as work:
        from pipelines.registry.evaluations import page_link
        from pipelines.registry.versions import find, versions

        click.echo(page_link(work.aws, find(versions(work.aws, work.names), work.names, version)))


@registry.command()
@version_argument
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_context
def lineage(context: click.Context, version: int | None, *, as_json: bool) -> None:
    """Where a version comes from and where it goes: data, code, jobs, execution, endpoint; the newest by default."""
    with workplace(context, Access.READ) as work:
        from pipelines.operations.inspection import lineage_table
        from pipelines.operations.inspection.lineage import trace
        from pipelines.registry.versions import find, versions

        found = trace(work.aws, work.names, find(versions(work.aws, work.names), work.names, version))
        if as_json:
            click.echo(json.dumps(asdict(found), indent=2))
        else:
            work.progress.print_table(lineage_table.table(found))


@registry.command()
@click.argument("one", type=click.IntRange(min=1), required=False)
@click.argument("other", type=click.IntRange(min=1), required=False)
@click.pass_context
def compare(context: click.Context, one: int | None, other: int | None) -> None:
    """Two versions side by side; by default the newest against the one in production."""
    with workplace(context, Access.READ) as work:
        from pipelines.registry import tables
        from pipelines.registry.evaluations import read
        from pipelines.registry.versions import find, versions

        known = versions(work.aws, work.names)
        challenger = find(known, work.names, one)
        rival = find(known, work.names, other) if other else _in_production(work)
        pair = (read(work.aws, challenger), read(work.aws, rival))
        titles = (f"Version {challenger.version}", f"Version {rival.version}")
        say(work, f"{titles[0]} against {titles[1].lower()}")
        work.progress.console.print(tables.compare_verdict(*pair), soft_wrap=True, markup=False)
        work.progress.console.print()
        work.progress.print_table(tables.side_by_side(pair[0].document, pair[1].document, titles))


@registry.command()
@version_argument
@reason_option
@click.pass_context
def approve(context: click.Context, version: int | None, reason: str) -> None:
    """Approve a version (the newest by default), and wait until the endpoint serves it; a newer approved one stays."""
    with workplace(context) as work:
        from pipelines.errors import DataError
        from pipelines.registry.decisions import approval, decide
        from pipelines.registry.marks import marked_versions
        from pipelines.registry.versions import find
        from pipelines.waiting.endpoint import last_change

        known = marked_versions(work.aws, work.names)
        found = find(known, work.names, version)
        if found.defect:
            raise DataError(f"version {found.version} cannot be deployed: {found.defect}; register it anew")
        before = last_change(work.aws, work.names.endpoint)
        decide(work.aws, found, "Approved", reason)
        _follow(work, approval(found, known), before)


@registry.command()
@version_argument
@reason_option
@click.pass_context
def reject(context: click.Context, version: int | None, reason: str) -> None:
    """Reject a version (the newest by default); wait until the endpoint serves an approved one."""
    with workplace(context) as work:
        from pipelines.operations.champion import serving
        from pipelines.registry.decisions import decide, rejection
        from pipelines.registry.marks import marked_versions
        from pipelines.registry.versions import find
        from pipelines.waiting.endpoint import last_change

        known = marked_versions(work.aws, work.names)
        found = find(known, work.names, version)
        consequence = rejection(found, known, serving(work.aws, work.names))
        before = last_change(work.aws, work.names.endpoint)
        decide(work.aws, found, "Rejected", reason)
        _follow(work, consequence, before)


@registry.command()
@version_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def rebase(context: click.Context, version: int | None, *, yes: bool) -> None:
    """Register a version (the one in production by default) anew in the newest container image, and have it wait."""
    with workplace(context) as work:
        from pipelines.operations.rebase import carry_out, plan_rebase
        from pipelines.registry.versions import find, versions

        known = versions(work.aws, work.names)
        planned = plan_rebase(work, known, find(known, work.names, version) if version else _in_production(work))
        number = planned.version.version
        click.echo(f"version {number} has the image {planned.before}, and would get {planned.after}")
        if not yes:
            ask(f"Evaluate version {number} anew, and register it as a new version?")
        made = carry_out(work, planned)
        click.echo(
            f"version {made.version} is version {number} in the image {planned.after}, and waits for an approver; "
            f"`scones registry approve {made.version} --reason …` deploys it"
        )


def say(work: "Workplace", verdict: str) -> None:
    """Prints the verdict, which comes before all details."""
    work.progress.console.print(verdict, style="bold", soft_wrap=True, markup=False)


def _follow(work: "Workplace", consequence: "Consequence", before: datetime | None) -> None:
    """Says what a decision means for the endpoint, and waits until that is so.

    `before` is when the endpoint was changed last before the decision.
    """
    if (awaited := consequence.awaited) is None:
        click.echo(consequence.said)
        return
    from pipelines.waiting.endpoint import wait_in_service

    if not work.settings.endpoint.opening.has(datetime.now(UTC)):
        click.echo(f"{consequence.said}; there is no endpoint outside of its hours ({work.settings.endpoint.hours})")
        return
    click.echo(f"{consequence.said}; waiting until the endpoint serves version {awaited.version}", err=True)
    timeout = work.settings.endpoint.timeout_minutes * 60
    name = wait_in_service(work.aws, work.names, awaited.arn, timeout, before=before)
    click.echo(f"{consequence.said}, and {name} serves version {awaited.version}")


def _in_production(work: "Workplace") -> "ModelVersion":
    from pipelines.errors import DataError
    from pipelines.operations.champion import find_champion

    found = find_champion(work.aws, work.names)
    if found is None:
        raise DataError("no version is in production, so name the one that you mean")
    return found
