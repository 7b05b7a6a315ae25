"""Prints the lineage of a model version as a terminal table, from the data to the endpoint."""

from collections.abc import Iterator, Mapping

from rich.table import Table
from rich.text import Text

from pipelines.operations.inspection.lineage import Deployment, Job, Lineage

Row = tuple[str, str]


def table(lineage: Lineage) -> Table:
    """A row for each thing: what was recorded, the execution, each job with what it read and wrote, deployments."""
    made = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    made.add_column(style="bold", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in _rows(lineage):
        made.add_row(name, Text(value))
    return made


def _rows(lineage: Lineage) -> Iterator[Row]:
    yield from _named(lineage.recorded)
    yield "execution", lineage.execution or "unknown: not registered by this pipeline"
    if lineage.execution and not lineage.jobs:
        yield "", "SageMaker does not know it any more"
    for job in lineage.jobs:
        yield from _job(job)
    yield "version", f"{lineage.arn} ({lineage.status})"
    yield "model", lineage.model_uri or "none"
    for deployment in lineage.deployments:
        yield from _deployment(deployment)
    if not lineage.deployments:
        yield "endpoint", "it was never deployed, or its endpoint configurations are gone"


def _named(values: Mapping[str, str]) -> Iterator[Row]:
    for name, value in values.items():
        yield name.replace("_", " "), value


def _job(job: Job) -> Iterator[Row]:
    yield job.step, job.arn
    yield "  in", job.image
    for name, uri in job.reads.items():
        yield f"  reads {name}", uri
    for name, uri in job.writes.items():
        yield f"  writes {name}", uri
    if job.reused_from:
        yield "  reused from", job.reused_from


def _deployment(deployment: Deployment) -> Iterator[Row]:
    yield "endpoint config", deployment.endpoint_config
    yield "  models", ", ".join(deployment.models)
    yield "  endpoint", f"{deployment.endpoint} serves it" if deployment.endpoint else "none has it now"
