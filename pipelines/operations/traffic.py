"""Sends traffic, shows how it goes, and sums it up."""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines.console.bars import telling_bar
from pipelines.errors import WorkflowFailedError
from pipelines.histories.words import duration
from pipelines.operations.workplace import Workplace
from pipelines.traffic.arrivals import arrivals, count
from pipelines.traffic.photos import Pool, Shift, choose
from pipelines.traffic.sending import Sender
from pipelines.traffic.tally import Counts, Tally
from pipelines.traffic.targets import MOST_UNDER_WAY, Endpoint, Workflow


@dataclass(frozen=True)
class Plan:
    """What is sent: photos a second on average, for so many seconds, through what, and changed how."""

    rate: float
    seconds: float
    schedule: str
    through: Literal["workflow", "endpoint"]
    shift: Shift | None
    seed: int


def send_traffic(work: Workplace, plan: Plan, pool: Pool) -> None:
    """Sends the photos of a plan; says and saves what came of them, also where it is interrupted.

    Raises:
        AwsError: there is no workflow or no endpoint.
        WorkflowFailedError: photos ended in errors, or could not be sent in time.
    """
    target, tally, run = _target(work, plan), Tally(), f"traffic-{secrets.token_hex(4)}"
    total, started = count(plan.rate, plan.seconds), work.clock.now()
    try:
        with telling_bar(work.progress.console, total) as tell:
            sender = Sender(target, run, tally, lambda: tell(*_progress(tally.counts, total)), work.clock)
            sender.send(choose(pool, plan.shift, plan.seed), arrivals(plan.rate, plan.seconds, plan.schedule))
    finally:
        _sum_up(work, plan, run, tally.counts, work.clock.now() - started)
    _refuse_failures(tally.counts)


def _target(work: Workplace, plan: Plan) -> Workflow | Endpoint:
    """The target, which is asked for first: one that is missing is told once and not for each photo."""
    if plan.through == "workflow":
        work.aws.stepfunctions.describe_state_machine(stateMachineArn=work.names.state_machine_arn)
        return Workflow.of(work.aws, work.names, work.clock)
    work.aws.sagemaker.describe_endpoint(EndpointName=work.names.endpoint)
    return Endpoint.of(work.aws, work.names, work.clock)


def _progress(counts: Counts, total: int) -> tuple[int, str]:
    parts = [f"{counts.sent + counts.left_out:,} of {total:,} photos", f"{counts.under_way} under way"]
    if counts.latency:
        parts.append(f"p50 {duration(counts.latency['p50'])}, p95 {duration(counts.latency['p95'])}")
    if counts.failed:
        parts.append(f"{counts.failed:,} errors")
    return counts.answered + counts.failed + counts.left_out, ", ".join(parts)


def _sum_up(work: Workplace, plan: Plan, run: str, counts: Counts, seconds: float) -> None:
    """Prints the summary, and saves it as `traffic.json`."""
    for line in lines(counts, seconds):
        work.progress.note(line)
    document = {
        "run": run,
        "through": plan.through,
        "rate": plan.rate,
        "schedule": plan.schedule,
        "shift": plan.shift and [plan.shift.name, plan.shift.strength],
        "seconds": round(seconds, 2),
        **counts.document,
    }
    path: Path = work.save("traffic.json", json.dumps(document, indent=2) + "\n")
    work.progress.note(f"{path} has these figures")


def lines(counts: Counts, seconds: float) -> Iterator[str]:
    """The summary for people."""
    rate = counts.sent / seconds if seconds else 0
    yield f"sent      {counts.sent:,} photos in {duration(seconds)}, {rate:.1f} a second"
    yield f"answered  {counts.answered:,}{_each(counts.outcomes)}"
    if counts.failed:
        yield f"errors    {counts.failed:,}{_each(counts.errors)}"
    if counts.under_way:
        yield f"open      {counts.under_way:,} were still under way"
    if counts.left_out:
        yield f"left out  {counts.left_out:,}, because {MOST_UNDER_WAY} were under way"
    if counts.latency:
        yield f"latency   {', '.join(f'{name} {duration(value)}' for name, value in counts.latency.items())}"
    yield f"sent late {duration(counts.late)} at most, for 99 of 100 photos"


def _each(counts: Mapping[str, int]) -> str:
    """`: 33 accepted, 5 low_confidence`; empty if there are none."""
    return f": {', '.join(f'{number:,} {name}' for name, number in counts.items())}" if counts else ""


def _refuse_failures(counts: Counts) -> None:
    if counts.failed or counts.left_out:
        kinds = ", ".join(counts.errors) or "too many were under way"
        raise WorkflowFailedError(
            f"{counts.failed + counts.left_out:,} of {counts.sent + counts.left_out:,} photos have no answer: {kinds}"
        )
