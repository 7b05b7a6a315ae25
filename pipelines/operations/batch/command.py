"""Does what `scones workflow batch` says: starts or goes on with a run, follows it, and sums it up."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.aws import Aws
from pipelines.delivery.workflow import deploy_batch_workflow
from pipelines.errors import ApprovalPendingError, WorkflowFailedError
from pipelines.operations.batch.bar import progress
from pipelines.operations.batch.following import Ended, follow
from pipelines.operations.batch.page import SUMMARY, WORDS, page
from pipelines.operations.batch.results import rows
from pipelines.operations.batch.runs import TOTALS, Attempt, next_attempt, start
from pipelines.operations.batch.source import Source, check_source
from pipelines.operations.batch.table import CSV, PARQUET, Table
from pipelines.operations.batch.totals import Totals
from pipelines.operations.workplace import Workplace
from pipelines.settings.naming import Names
from pipelines.waiting.endpoint import describe_endpoint

SERVING = ("InService", "Updating", "SystemUpdating", "RollingBack")


@dataclass(frozen=True)
class Summary:
    """A run that was summed up: its totals, and the folder with its files."""

    run: str
    totals: dict[str, Any]
    folder: Path


def begin(work: Workplace, source: Source, *, fresh: bool) -> Attempt:
    """Starts a run on a source, or goes on with the one that has not come to its end.

    Raises:
        DataError: nothing is there.
        ApprovalPendingError: no endpoint serves a model yet.
    """
    definition = deploy_batch_workflow(work.aws, work.settings, work.names)
    work.save("definitions/batch.asl.json", definition)
    attempt = next_attempt(work.aws, work.names, source, fresh=fresh)
    if attempt.arn:
        return attempt
    check_source(work.aws, source)
    check_endpoint(work.aws, work.names)
    again = f", attempt {attempt.number}: batches that are done are not done again" if attempt.number > 1 else ""
    work.progress.note(f"Run {attempt.run}{again}")
    return Attempt(source, attempt.run_number, attempt.number, start(work.aws, work.names, attempt), "RUNNING")


def check_endpoint(aws: Aws, names: Names) -> None:
    """Looks for the endpoint, without which every batch would be tried for minutes and then fail."""
    endpoint = describe_endpoint(aws, names.endpoint)
    if endpoint is None or endpoint["EndpointStatus"] not in SERVING:
        raise ApprovalPendingError(
            f"the endpoint {names.endpoint} serves no model yet; train one (`scones pipeline start`) and approve it"
        )


def watch(work: Workplace, attempt: Attempt) -> Summary:
    """Follows a run to its end, and sums it up.

    Raises:
        WorkflowFailedError: it failed, or some photos have no row.
    """
    with progress(work.progress) as show:
        ended = follow(work.aws, attempt.arn, show, work.clock)
    if ended.status != "SUCCEEDED":
        raise WorkflowFailedError(
            f"{attempt.name} ended as {ended.status} with {ended.counts.done:,} of {ended.counts.total:,} photos done: "
            f"{ended.why}. The same command goes on with the run"
        )
    return sum_up(work, attempt, ended)


def sum_up(work: Workplace, attempt: Attempt, ended: Ended) -> Summary:
    """Writes result table, totals and summary page, to the build folder and to the run's folder in the bucket."""
    folder = work.build / "batches" / attempt.run
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".") as name:
        fresh = Path(name)
        totals = tabulated(work.aws, ended, fresh)
        if totals.photos != ended.counts.total:
            raise WorkflowFailedError(
                f"{attempt.run} read {ended.counts.total:,} photos, and its results have {totals.photos:,} rows"
            )
        document = described(attempt, ended, totals)
        (fresh / SUMMARY).write_text(page(document, totals), encoding="utf-8")
        (fresh / TOTALS).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        for each in (CSV, PARQUET, SUMMARY, TOTALS):  # the totals last: where they are, all is
            work.aws.s3.upload_file(str(fresh / each), work.names.bucket, f"batches/{attempt.run}/{each}")
            (fresh / each).replace(folder / each)
    return Summary(attempt.run, document, folder)


def tabulated(aws: Aws, ended: Ended, folder: Path) -> Totals:
    """Writes the table of a run's results into a folder; returns their totals."""
    totals, table = Totals(), Table(folder)
    for row in rows(aws, ended.output):
        table.add(row)
        totals.add(row)
    table.close()
    return totals


def described(attempt: Attempt, ended: Ended, totals: Totals) -> dict[str, Any]:
    """The content of `totals.json`. Seconds and rate are those of the last attempt."""
    seconds = (ended.ended - ended.started).total_seconds()
    return {
        "run": attempt.run,
        "source": attempt.source.uri,
        "format": attempt.source.format,
        "execution": ended.arn,
        "attempts": attempt.number,
        "started": ended.started.isoformat(),
        "ended": ended.ended.isoformat(),
        "seconds": round(seconds, 3),
        "photos_per_second": round(totals.photos / seconds, 2) if seconds else None,
        **totals.as_json(),
    }


def lines(summary: Summary) -> Iterator[str]:
    """The summary for a terminal."""
    totals = summary.totals
    rate = f", {totals['photos_per_second']:,.0f} photos/s" if totals["photos_per_second"] else ""
    yield f"{totals['photos']:,} photos in {totals['seconds']:,.1f} s{rate}"
    for name, count in totals["decisions"].items():
        yield f"  {count:>9,}  {WORDS[name]}"
        if name == "accepted":
            yield from (f"  {each:>9,}    {label}" for label, each in totals["labels"].items())
    for reason, count in totals["reasons"].items():
        yield f"  {count:>9,}  {reason}"
    yield from (str(summary.folder / name) for name in (CSV, PARQUET, TOTALS, SUMMARY))
