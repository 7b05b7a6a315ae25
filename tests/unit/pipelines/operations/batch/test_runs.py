"""Which attempt at which run comes next."""

import json
from datetime import UTC, datetime

import boto3
import pytest
from botocore.stub import Stubber

from pipelines.aws import Aws
from pipelines.operations.batch.runs import Attempt, choose, is_summed_up, latest_attempt, next_attempt, start
from pipelines.operations.batch.source import Source
from pipelines.settings.naming import Names

SOURCE = Source("prefix", "bucket", "backfill/a/")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "summed_up", "fresh", "expected"),
    [
        ("RUNNING", False, False, (2, 3, "arn")),
        ("SUCCEEDED", False, False, (2, 3, "arn")),
        ("SUCCEEDED", True, False, (3, 1, "")),
        ("FAILED", False, False, (2, 4, "")),
        ("ABORTED", False, False, (2, 4, "")),
        ("TIMED_OUT", False, False, (2, 4, "")),
        ("RUNNING", False, True, (3, 1, "")),
        ("FAILED", False, True, (3, 1, "")),
    ],
)
def test_what_comes_after_an_attempt(status: str, summed_up: bool, fresh: bool, expected: tuple[int, int, str]) -> None:
    chosen = choose(SOURCE, Attempt(SOURCE, 2, 3, "arn", status), summed_up=summed_up, fresh=fresh)
    assert (chosen.run_number, chosen.number, chosen.arn) == expected
    assert chosen.source == SOURCE


def test_the_first_attempt_at_the_first_run() -> None:
    first = choose(SOURCE, None, summed_up=False, fresh=False)
    assert first.run == f"{SOURCE.stem}-r1"
    assert first.name == f"{SOURCE.stem}-r1-a1"
    assert len(Attempt(SOURCE, 1000, 1000).name) <= 80


def test_the_latest_is_found_among_those_of_other_sources(aws: Aws, stepfunctions: Stubber, names: Names) -> None:
    ended = [("r2-a9", "ABORTED"), ("r10-a1", "FAILED"), ("r10-a2", "RUNNING"), ("r1-a1", "SUCCEEDED")]
    found = [(f"{SOURCE.stem}-{name}", status) for name, status in ended]
    found += [("by-hand", "RUNNING"), (f"x{SOURCE.stem}-r99-a1", "RUNNING"), (f"{SOURCE.stem}-r99-a1-x", "RUNNING")]
    more = {"stateMachineArn": names.batch_machine_arn, "startDate": NOW}
    executions = [{"executionArn": f"arn:{name}", "name": name, "status": status, **more} for name, status in found]
    expected = {"stateMachineArn": names.batch_machine_arn}
    stepfunctions.add_response("list_executions", {"executions": executions[:3], "nextToken": "t"}, expected)
    stepfunctions.add_response("list_executions", {"executions": executions[3:]}, {**expected, "nextToken": "t"})
    latest = latest_attempt(aws, names, SOURCE)
    assert latest == Attempt(SOURCE, 10, 2, f"arn:{SOURCE.stem}-r10-a2", "RUNNING")


@pytest.mark.parametrize(
    ("known", "totals", "fresh", "expected"),
    [
        (None, False, False, "r1-a1"),
        ("SUCCEEDED", False, False, "r2-a3"),
        ("SUCCEEDED", True, False, "r3-a1"),
        ("FAILED", True, False, "r2-a4"),  # the totals are those of an attempt that somebody started again by hand
        ("RUNNING", False, True, "r3-a1"),
    ],
)
def test_a_run_is_gone_on_with_until_it_is_summed_up(
    session: boto3.Session, names: Names, known: str | None, expected: str, *, totals: bool, fresh: bool
) -> None:
    aws, run = Aws(session), f"{SOURCE.stem}-r2"
    if totals:
        aws.s3.put_object(Bucket=names.bucket, Key=f"batches/{run}/totals.json", Body=b"{}")
    assert (is_summed_up(aws, names, run), is_summed_up(aws, names, f"{run}-other")) == (totals, False)
    latest = {"executionArn": "arn", "name": f"{run}-a3", "status": known}
    executions = [{**latest, "stateMachineArn": names.batch_machine_arn, "startDate": NOW}] if known else []
    with Stubber(aws.stepfunctions) as stubber:
        stubber.add_response("list_executions", {"executions": executions})
        attempt = next_attempt(aws, names, SOURCE, fresh=fresh)
    assert attempt.name == f"{SOURCE.stem}-{expected}"
    assert attempt.source == SOURCE


def test_an_attempt_is_started_with_the_run_and_the_source(aws: Aws, stepfunctions: Stubber, names: Names) -> None:
    attempt = Attempt(SOURCE, 2, 3)
    given = {"run": attempt.run, "source": {"bucket": "bucket", "format": "prefix", "key": "backfill/a/"}}
    expected = {"stateMachineArn": names.batch_machine_arn, "name": attempt.name, "input": json.dumps(given)}
    stepfunctions.add_response("start_execution", {"executionArn": "arn", "startDate": NOW}, expected)
    assert start(aws, names, attempt) == "arn"
