"""Which run on a source to go on with, and which to start.

The names of executions say it all: `<source>-r<run>-a<attempt>`. All attempts at a run keep the rows of their batches
in the same folder, so that an attempt does no batch again that one before it has done.
"""

import json
import re
from dataclasses import asdict, dataclass

from pipelines.aws import Aws
from pipelines.operations.batch.source import Source
from pipelines.packages.uploads import size_of
from pipelines.settings.naming import Names

TOTALS = "totals.json"  # is written last, so where it is, a run was summed up


@dataclass(frozen=True)
class Attempt:
    """An execution of the batch workflow; without an ARN, one that has not started."""

    source: Source
    run_number: int
    number: int
    arn: str = ""
    status: str = ""

    @property
    def run(self) -> str:
        """The name of the run, which all its attempts share."""
        return f"{self.source.stem}-r{self.run_number}"

    @property
    def name(self) -> str:
        """The name of the execution."""
        return f"{self.run}-a{self.number}"


def next_attempt(aws: Aws, names: Names, source: Source, *, fresh: bool) -> Attempt:
    """The attempt to follow, which has an ARN, or the one to start. `fresh` never goes on with an earlier run."""
    latest = latest_attempt(aws, names, source)
    done = bool(latest and latest.status == "SUCCEEDED" and is_summed_up(aws, names, latest.run))
    return choose(source, latest, summed_up=done, fresh=fresh)


def choose(source: Source, latest: Attempt | None, *, summed_up: bool, fresh: bool) -> Attempt:
    """What comes after the latest attempt: itself while it runs or is not summed up, another one, or another run."""
    if latest is None:
        return Attempt(source, 1, 1)
    if fresh or summed_up:
        return Attempt(source, latest.run_number + 1, 1)
    if latest.status in ("RUNNING", "SUCCEEDED"):
        return latest
    return Attempt(source, latest.run_number, latest.number + 1)


def latest_attempt(aws: Aws, names: Names, source: Source) -> Attempt | None:
    """The newest attempt at the newest run on a source that Step Functions knows."""
    pattern = re.compile(re.escape(source.stem) + r"-r(\d+)-a(\d+)")
    pages = aws.stepfunctions.get_paginator("list_executions").paginate(stateMachineArn=names.batch_machine_arn)
    found = [
        Attempt(source, int(match[1]), int(match[2]), each["executionArn"], each["status"])
        for page in pages
        for each in page["executions"]
        if (match := pattern.fullmatch(each["name"]))
    ]
    return max(found, key=lambda attempt: (attempt.run_number, attempt.number), default=None)


def start(aws: Aws, names: Names, attempt: Attempt) -> str:
    """Starts an attempt; returns its ARN. Of two commands that start the same one, both get the same execution."""
    given = json.dumps({"run": attempt.run, "source": asdict(attempt.source)}, sort_keys=True)
    started = aws.stepfunctions.start_execution(stateMachineArn=names.batch_machine_arn, name=attempt.name, input=given)
    arn: str = started["executionArn"]
    return arn


def is_summed_up(aws: Aws, names: Names, run: str) -> bool:
    """Whether the totals of a run are in the bucket."""
    return size_of(aws, names.bucket, f"batches/{run}/{TOTALS}") is not None
