"""`scones images`: the container images of jobs and endpoint."""

import click

from pipelines.cli.environment import workplace
from pipelines.cli.local_aws import Access


@click.group()
def images() -> None:
    """Build the container images of jobs and endpoint, and show which are in use."""


@images.command()
@click.option("--if-changed", is_flag=True, help="Not if the last build was of the same sources.")
@click.pass_context
def build(context: click.Context, *, if_changed: bool) -> None:
    """Build the images in CodeBuild, and wait until they are pushed and scanned."""
    with workplace(context) as work:
        from pipelines.definitions.images.own import builds_images
        from pipelines.delivery.image_record import read_record, reason_to_build, refuse_without_build
        from pipelines.operations.image_build import build_images
        from pipelines.packages.code import package_image_sources

        if if_changed and not builds_images(work.settings):
            click.echo("nothing to build: the configuration says which images are taken")
            return
        refuse_without_build(work.settings)
        known = read_record(work.aws, work.names)
        if if_changed and not reason_to_build(work.settings, known, package_image_sources()):
            click.echo("nothing to build: Dockerfile, packages and server are those of the last build")
            return
        record = build_images(work.aws, work.names, work.clock, click.echo)
        for kind, digest in record.digests.items():
            click.echo(f"{kind}: {digest}")


@images.command()
@click.pass_context
def show(context: click.Context) -> None:
    """Show the image of each job and of the endpoint."""
    with workplace(context, Access.NONE) as work:
        from pipelines.delivery.image_record import find_images

        found = find_images(work.aws, work.settings, work.names)
        settings = work.settings
        click.echo(f"training: {found.uri('training', settings.training.instance_type)}")
        click.echo(f"processing: {found.uri('training', settings.processing.instance_type)}")
        click.echo(f"endpoint: {found.uri('inference', settings.endpoint.instance_type)}")
