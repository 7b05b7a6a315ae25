"""`scones monitor`: the monitoring report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli.data import check_archive
from pipelines.cli.environment import build_folder, load_settings, workplace

if TYPE_CHECKING:
    from windows.spans import Span

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
TIME = click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"])


class Duration(click.ParamType[timedelta]):
    """A number of hours or days, such as 24h or 7d."""

    name = "duration"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The duration of a text."""
        units = {"h": timedelta(hours=1), "d": timedelta(days=1)}
        if value[-1:] not in units or not value[:-1].isdecimal() or not int(value[:-1]):
            self.fail(f"'{value}' is no duration such as 24h or 7d", param, ctx)
        return int(value[:-1]) * units[value[-1]]


@click.group()
def monitor() -> None:
    """Report on what the endpoint captured."""


@monitor.command()
@click.option("--captures", type=FOLDER, multiple=True, help="A folder of JSONL files; several give a report each.")
@click.argument("more_captures", type=FOLDER, nargs=-1)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    help="For captures of models that do not send one, such as SageMaker's built-in algorithm.",
)
@click.option("--baseline", type=FOLDER, help="With --captures: a folder that `scones monitor baseline` has written.")
@click.option("--ground-truth", type=FOLDER, help="With --captures: actual classes, in Model Monitor's format.")
@click.option("--output", type=click.Path(path_type=Path), help="With --captures: where the files go.")
@click.option(
    "--profiles", type=click.Path(path_type=Path), help="With --captures: keeps what was read. Default: BUILD/profiles"
)
@click.option("--from", "start", type=TIME, help="With --captures: the window's start, UTC unless it names a zone.")
@click.option("--to", "end", type=TIME, help="With --captures: the window's end.")
@click.option("--last", type=Duration(), help="With --captures: the window is the last 24h, 7d, … before --to or now.")
@click.pass_context
def report(
    context: click.Context,
    captures: tuple[Path, ...],
    more_captures: tuple[Path, ...],
    threshold: float | None,
    baseline: Path | None,
    ground_truth: Path | None,
    output: Path | None,
    profiles: Path | None,
    start: datetime | None,
    end: datetime | None,
    last: timedelta | None,
) -> None:
    """Run the monitoring pipeline, or with --captures read folders on this machine.

    Each of several folders gets a folder of its own name below the output, which gets an index of them.
    """
    folders = (*captures, *more_captures)
    if not folders:
        with workplace(context) as work:
            from pipelines.operations.monitoring import report as run_report

            click.echo(run_report(work))
        return
    output = output or build_folder(context) / "reports" / "monitoring"
    span = _span(start, end, last)
    reading = Reading(threshold, baseline, profiles or build_folder(context) / "profiles", span, ground_truth)
    for folder, place in zip(folders, _places(folders, output), strict=True):
        _read_folder(context, folder, place, reading)
    if len(folders) > 1:
        click.echo(_write_index([output], output))


@monitor.command()
@click.argument("folders", type=FOLDER, nargs=-1)
@click.option("--output", type=click.Path(path_type=Path), help="Where index.html goes. Default: the first folder.")
@click.option("--title", default="Monitoring", help="Heading of the page.")
@click.pass_context
def index(context: click.Context, folders: tuple[Path, ...], output: Path | None, title: str) -> None:
    """Write one page about all windows whose verdict.json lies below folders: a calendar, trends and links.

    Without folders, about all windows that the monitoring pipeline judged; they come to BUILD/reports/windows.
    """
    if not folders:
        with workplace(context) as work:
            from pipelines.operations.monitoring import download_windows

            folders = (download_windows(work),)
    click.echo(_write_index(folders, output or folders[0], title))


@monitor.command()
@click.option("--data", "archive", type=click.Path(path_type=Path), help="Labelled photos: cifar-100-python.tar.gz.")
@click.option("--images", type=FOLDER, help="Instead: a folder with data.npz and manifest.json of PrepareData.")
@click.option("--output", type=click.Path(path_type=Path), help="Default: BUILD/baseline")
@click.pass_context
def baseline(context: click.Context, archive: Path | None, images: Path | None, output: Path | None) -> None:
    """Write what good, labelled photos look like, for reports of any endpoint's captures."""
    if (archive is None) == (images is None):
        raise click.UsageError("Give the labelled photos, with either --data or --images.")
    check_archive(archive)
    from pipelines.operations.drift_baseline import make_baseline

    place = output or build_folder(context) / "baseline"
    count = make_baseline(archive, images or Path(), load_settings(context).dataset.classes, place)
    click.echo(f"{place}: baseline of {count:,} photos")


def _span(start: datetime | None, end: datetime | None, last: timedelta | None) -> "Span":
    from windows.spans import Span

    start, end = (time and (time if time.tzinfo else time.replace(tzinfo=UTC)) for time in (start, end))
    if last is not None:
        if start is not None:
            raise click.UsageError("--from and --last exclude each other.")
        end = end or datetime.now(UTC)
        start = end - last
    if start is not None and end is not None and start >= end:
        raise click.UsageError("The window ends before it starts.")
    return Span(start, end)


def _places(folders: tuple[Path, ...], output: Path) -> list[Path]:
    """Where each report goes: one alone into the output, several below it by their names."""
    names = [folder.resolve().name for folder in folders]
    if len(set(names)) < len(names):
        raise click.UsageError("Two folders of captures have the same name, and so would their reports.")
    return [output] if len(names) == 1 else [output / name for name in names]


def _write_index(folders: Sequence[Path], output: Path, title: str = "Monitoring") -> Path:
    from monitoring.analyze import write
    from monitoring.errors import MonitoringError
    from monitoring.report.index import INDEX, index_page
    from pipelines.errors import DataError

    try:
        write(output, {INDEX: index_page(folders, output, title)})
    except MonitoringError as error:
        raise DataError(str(error)) from error
    return output / INDEX


@dataclass(frozen=True)
class Reading:
    """How folders of captures are read and judged."""

    threshold: float | None
    baseline: Path | None
    profiles: Path
    span: "Span"
    ground_truth: Path | None


def _read_folder(context: click.Context, captures: Path, output: Path, reading: Reading) -> None:
    from monitoring.analyze import analyze
    from monitoring.errors import MonitoringError
    from monitoring.options import Options
    from pipelines.errors import DataError

    settings = load_settings(context)
    examples = settings.monitoring.examples
    options = Options(settings.dataset.classes, examples=examples, title=str(captures), **vars(reading))
    try:
        summary = analyze(captures, output, options)
    except MonitoringError as error:
        raise DataError(str(error)) from error
    click.echo(summary.verdict.headline)
    click.echo(summary.overview.verdict)
    click.echo(output / "report.html")
