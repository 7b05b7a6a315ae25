"""`scones data`: the raw archive."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.cli.environment import build_folder, load_settings, workplace
from pipelines.cli.local_aws import Access

if TYPE_CHECKING:
    from pipelines.operations.workplace import Workplace

ARCHIVE_NAME = "cifar-100-python.tar.gz"
archive_option = click.option(
    "--data",
    "archive",
    type=click.Path(path_type=Path),
    help="cifar-100-python.tar.gz. Default: what dataset.source in the configuration says.",
)


@click.group()
def data() -> None:
    """Download the official archive, draw one, or upload one."""


@data.command()
@click.option("--output", type=click.Path(path_type=Path), help="Default: BUILD/data/official/cifar-100-python.tar.gz")
@click.option("--from", "mirror", metavar="URL", help="A mirror. Default: dataset.download in the configuration.")
@click.pass_context
def download(context: click.Context, output: Path | None, mirror: str | None) -> None:
    """Download the official archive, or go on with a download that broke off."""
    from rich.console import Console

    from pipelines.console.bars import bytes_bar
    from pipelines.data.download.download import download as fetch

    if mirror and not mirror.startswith(("http://", "https://")):
        raise click.BadParameter(f"'{mirror}' does not begin with http:// or https://", context, param_hint="--from")
    published = load_settings(context).dataset.download
    archive = published.model_copy(update={"url": mirror}) if mirror else published
    path = output or build_folder(context) / "data" / "official" / ARCHIVE_NAME
    with bytes_bar(Console(stderr=True, highlight=False), path.name, archive.bytes) as report:
        fetched = fetch(archive, path, report)
    click.echo(f"{path}: {'downloaded' if fetched else 'is there already'}, and its checksum is right")
    click.echo(f"Next: `scones run --data {path}`, or `scones data upload --data {path}`")


@data.command()
@click.option("--output", type=click.Path(path_type=Path), help="Default: BUILD/data/cifar-100-python.tar.gz")
@click.option("--train", default=400, show_default=True, help="Training images a class.")
@click.option("--test", default=100, show_default=True, help="Test images a class.")
@click.option("--seed", default=7, show_default=True, help="The same seed draws the same bytes.")
@click.pass_context
def generate(context: click.Context, output: Path | None, train: int, test: int, seed: int) -> None:
    """Draw bicycles and motorcycles in the archive's own format."""
    from pipelines.data.generate import write_archive

    path = output or default_archive(build_folder(context))
    write_archive(path, load_settings(context).dataset.classes, train_per_class=train, test_per_class=test, seed=seed)
    click.echo(f"{path}: synthetic images, {train} for training and {test} for the test of each class")


@data.command()
@archive_option
@click.pass_context
def upload(context: click.Context, archive: Path | None) -> None:
    """Upload the raw archive for this environment; prints the pipeline's InputDataUri."""
    check_archive(archive)
    with workplace(context, Access.START) as work:
        from pipelines.packages.uploads import upload_archive

        click.echo(upload_archive(work.aws, work.names, find_archive(work, archive)))


def default_archive(build: Path) -> Path:
    """Where a drawn archive lies."""
    return build / "data" / ARCHIVE_NAME


def find_archive(work: "Workplace", given: Path | None) -> Path:
    """The archive to use: the given one, which has been checked, or what `dataset.source` says. Says which.

    Raises:
        DataError: none was uploaded, or it is no CIFAR-100 archive.
    """
    from pipelines.data.generate import write_archive
    from pipelines.packages.uploads import download_latest_archive

    if given is not None:
        return given
    path = default_archive(work.build)
    if work.settings.dataset.source == "generated":
        write_archive(path, work.settings.dataset.classes)
        work.progress.note(f"No archive was named: these are synthetic images, drawn into {path}")
    else:
        uri = download_latest_archive(work.aws, work.names, path)
        work.progress.note(f"No archive was named: this is {uri}, the latest upload")
        check_archive(path)
    return path


def check_archive(path: Path | None) -> None:
    """Reads an archive, if there is one. Needs no AWS, so that a wrong archive is told before one is started.

    Raises:
        DataError: the file is not there or no CIFAR-100 archive.
    """
    from pipelines.errors import DataError
    from steps.dataset.archive import read_archive
    from steps.errors import StepError

    try:
        if path is not None:
            read_archive(path)
    except StepError as error:
        raise DataError(str(error)) from error
