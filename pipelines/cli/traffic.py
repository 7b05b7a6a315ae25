"""`scones traffic`: photos at a rate, for load tests and for monitoring to notice something."""

import re
from pathlib import Path
from typing import Literal

import click

from pipelines.cli.data import check_archive, find_archive
from pipelines.cli.environment import workplace

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class Duration(click.ParamType[float]):
    """A time such as `90s`, `10m`, `2h` or `1d`, in seconds."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The time in seconds."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([smhd])", str(value))
        if not found or not float(found[1]):
            self.fail(f"'{value}' is no time; write 90s, 10m, 2h or 1d", param, ctx)
        return float(found[1]) * UNITS[found[2]]


class ShiftName(click.ParamType[tuple[str, str]]):
    """`NAME` or `NAME:STRENGTH`."""

    name = "shift"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Name and strength of a shift."""
        from pipelines.traffic.shifts import SHIFTS, STRENGTHS

        if isinstance(value, tuple):
            return value
        name, _, strength = str(value).partition(":")
        if name not in SHIFTS or (strength or "middle") not in STRENGTHS:
            kinds = f"{', '.join(SHIFTS)}; each may end in {', '.join(f':{each}' for each in STRENGTHS)}"
            self.fail(f"there is no shift '{value}'; there are {kinds}", param, ctx)
        return name, strength or "middle"


@click.command()
@click.option(
    "--rate", type=click.FloatRange(0, 1000, min_open=True), default=1, show_default=True, help="Photos a second."
)
@click.option("--for", "seconds", type=Duration(), default="1m", show_default=True, help="Such as 90s, 10m, 2h or 1d.")
@click.option("--through", type=click.Choice(["workflow", "endpoint"]), default="workflow", show_default=True)
@click.option(
    "--schedule",
    type=click.Choice(["even", "day"]),
    default="even",
    show_default=True,
    help="day: as over a day, pressed into that time.",
)
@click.option(
    "--shift",
    type=ShiftName(),
    metavar="NAME[:weak|:middle|:strong]",
    help="Changes the photos as monitoring should notice, such as dark, blur:weak or class_mix:strong.",
)
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, path_type=Path),
    help="An archive or a folder of photos. Default: what dataset.source in the configuration says.",
)
@click.option("--seed", default=0, show_default=True, help="The same seed sends the same photos.")
@click.pass_context
def traffic(
    context: click.Context,
    *,
    rate: float,
    seconds: float,
    through: Literal["workflow", "endpoint"],
    schedule: str,
    shift: tuple[str, str] | None,
    source: Path | None,
    seed: int,
) -> None:
    """Send photos at a rate, whether earlier ones were answered or not; Ctrl-C ends it with the summary."""
    if source and source.is_file():
        check_archive(source)
    with workplace(context) as work:
        from pipelines.operations.traffic import Plan, send_traffic
        from pipelines.traffic.photos import Shift, pool_of

        pool = pool_of(source or find_archive(work, None), work.settings.dataset.classes)
        send_traffic(work, Plan(rate, seconds, schedule, through, shift and Shift(*shift), seed), pool)
