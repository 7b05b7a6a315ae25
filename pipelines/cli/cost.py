"""`scones cost`: what an environment costs."""

from typing import TYPE_CHECKING

import click

from pipelines.cli.environment import load_settings

if TYPE_CHECKING:
    from pipelines.cost.assumptions import Assumptions
    from pipelines.cost.estimate import Item


@click.command()
@click.option("--assume", "-a", "assumed", multiple=True, metavar="NAME=NUMBER", help="Instead of what is assumed.")
@click.option("--price", "given", multiple=True, metavar="TYPE=DOLLARS", help="Price of an instance's hour.")
@click.pass_context
def cost(context: click.Context, assumed: tuple[str, ...], given: tuple[str, ...]) -> None:
    """Estimate what the environment costs on AWS a month, and a million photos. Sends nothing to AWS."""
    from pipelines.cost.assumptions import Assumptions
    from pipelines.cost.estimate import estimate
    from pipelines.cost.prices import InstancePrices

    try:
        assumptions = Assumptions.of(_pairs(assumed))
        prices = InstancePrices({name: float(text) for name, text in _pairs(given).items()})
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    click.echo("\n".join(_lines(estimate(load_settings(context), assumptions, prices), assumptions)))


def _lines(items: list["Item"], assumed: "Assumptions") -> list[str]:
    from pipelines.cost.prices import AS_OF, REGION

    photos = assumed.photos_a_month
    total = sum(item.at(photos) for item in items)
    standing, million = sum(item.month for item in items), sum(item.million for item in items)
    more = sum(item.more for item in items)
    scaled = [f"Up to ${more:,.2f} a month more while load wants all instances."] if more else []
    row = "{:<28}{:>12}{:>18}  {}".format
    return [
        f"About ${total:,.0f} a month with {photos:,} photos: ${standing:,.2f} whatever comes, "
        f"and ${million:,.2f} a million photos",
        *scaled,
        "",
        row("US dollars", "a month", "a million photos", "how"),
        *(row(item.name, f"{item.month:,.2f}", f"{item.million:,.2f}", item.how) for item in items),
        row("together", f"{standing:,.2f}", f"{million:,.2f}", ""),
        "",
        f"List prices of {REGION} as of {AS_OF}, without free tiers, discounts, taxes and traffic.",
        "Other regions differ.",
        "Assumed, and changed by --assume NAME=NUMBER:",
        *(f"  {line}" for line in assumed.lines()),
    ]


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for name, equals, value in pairs:
        if not (name and equals and value):
            raise click.BadParameter(f"'{name}{equals}{value}': expected NAME=NUMBER")
    return {name: value for name, _, value in pairs}
