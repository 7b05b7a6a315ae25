"""From what Step Functions writes to the result table, the totals and the page."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from pyarrow import parquet

from lambdas.classify_batch.rows import COLUMNS, Row, row
from pipelines.aws import Aws
from pipelines.errors import AwsError
from pipelines.operations.batch.command import Summary, described, lines, tabulated
from pipelines.operations.batch.following import Counts, Ended, counts, follow
from pipelines.operations.batch.page import page
from pipelines.operations.batch.results import not_done, rows
from pipelines.operations.batch.runs import Attempt
from pipelines.operations.batch.source import Source
from pipelines.operations.batch.totals import MOST_EXAMPLES, Totals, reason_of
from pipelines.settings.naming import Names

START = datetime(2026, 1, 1, tzinfo=UTC)
ANSWER = {"label": "bicycle", "confidence": 0.9, "other": 0.0, "threshold": 0.8, "model_version": "v1"}
SURE = {**ANSWER, "decision": "accepted", "loading_bay": "A", "order_radius_km": 3.0, "position": 0}
BATCH = {
    "Items": [{"Key": "backfill/x.png"}, {"file": "y"}],
    "BatchInput": {"run": "r", "source": {"bucket": "b", "format": "prefix"}},
}
CHILD = {"Status": "FAILED", "Error": "EndpointFailed", "Cause": "503: no", "Input": json.dumps(BATCH)}


def sure(number: int) -> Row:
    return row(s3_bucket="b", s3_key=f"backfill/{number}.png", **SURE)


@pytest.fixture
def account(session: boto3.Session) -> Aws:
    return Aws(session)


def written(aws: Aws, bucket: str, files: dict[str, list[Any]]) -> str:
    """The output of an execution whose results are these, by outcome, each in files of two lines."""
    named: dict[str, list[dict[str, Any]]] = {}
    for outcome, found in files.items():
        for start in range(0, len(found), 2):
            key = f"batches/r/results/id/{outcome}_{start}.jsonl"
            body = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in found[start : start + 2])
            aws.s3.put_object(Bucket=bucket, Key=key, Body=body.encode())
            named.setdefault(outcome, []).append({"Key": key, "Size": len(body)})
    manifest = {"DestinationBucket": bucket, "MapRunArn": "arn", "ResultFiles": {"PENDING": [], **named}}
    aws.s3.put_object(Bucket=bucket, Key="manifest.json", Body=json.dumps(manifest))
    return json.dumps({"MapRunArn": "arn", "ResultWriterDetails": {"Bucket": bucket, "Key": "manifest.json"}})


def ended(output: str, total: int = 0) -> Ended:
    return Ended("arn", "SUCCEEDED", output, "", START, START + timedelta(seconds=4), Counts(total, 0, total))


def test_every_photo_has_a_row_also_those_of_batches_that_failed(account: Aws, names: Names) -> None:
    output = written(account, names.bucket, {"SUCCEEDED": [sure(n) for n in range(5)], "FAILED": [CHILD]})
    found = list(rows(account, output))
    assert [each["s3_key"] for each in found[:5]] == [f"backfill/{number}.png" for number in range(5)]
    assert (found[5]["s3_key"], found[5]["decision"]) == ("backfill/x.png", "failed")
    assert found[5]["reason"] == "EndpointFailed: 503: no"
    assert (found[6]["decision"], found[6]["s3_bucket"]) == ("unusable", "b")
    assert found[6]["reason"].startswith("InvalidRequest: 's3_key' is missing")
    assert found[6]["reason"].endswith('; the entry is {"file": "y"}')
    assert len(found) == 7


@pytest.mark.parametrize(("kind", "key"), [("inventory", "backfill/a b.png"), ("prefix", "backfill/a+b.png")])
def test_photos_of_a_batch_that_failed_are_named_as_its_source_does(kind: str, key: str) -> None:
    batch = {"Items": [{"Key": "backfill/a+b.png"}], "BatchInput": {"source": {"bucket": "b", "format": kind}}}
    (found,) = not_done({"Status": "TIMED_OUT", "Input": json.dumps(batch)})
    assert (found["s3_key"], found["decision"], found["reason"]) == (key, "failed", "TIMED_OUT")


@pytest.mark.parametrize("output", ["", "[]", "{}", '{"ResultWriterDetails": 3}'])
def test_an_output_without_results_is_told(account: Aws, output: str) -> None:
    with pytest.raises(AwsError, match="names no results"):
        list(rows(account, output))


def test_csv_and_parquet_have_the_same_rows(
    account: Aws, names: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.operations.batch.table.GROUP", 2)
    odd = row(s3_bucket="b", s3_key='backfill/a,"b"\nü.png', decision="unusable", reason="PhotoUnreadable: no, really")
    output = written(account, names.bucket, {"SUCCEEDED": [*map(sure, range(4)), odd]})
    totals = tabulated(account, ended(output), tmp_path)
    with (tmp_path / "results.csv").open(encoding="utf-8", newline="") as file:
        texts = list(csv.DictReader(file))
    table = parquet.read_table(tmp_path / "results.parquet")
    assert table.column_names == list(COLUMNS)
    assert table.to_pylist() == [*map(sure, range(4)), odd]
    assert [each["s3_key"] for each in texts] == table["s3_key"].to_pylist()
    assert texts[0]["confidence"] == "0.9"
    assert texts[4]["confidence"] == ""
    assert totals.decisions == {"accepted": 4, "unusable": 1}
    assert totals.reasons == {"PhotoUnreadable": 1}


def totals_of(*found: Row) -> Totals:
    totals = Totals()
    for each in found:
        totals.add(each)
    return totals


def test_totals_count_and_keep_some_examples() -> None:
    unsure = row(s3_key="k", **ANSWER, decision="low_confidence")
    skipped = row(s3_key="k/", decision="skipped", reason="the key ends with '/', so it marks a folder")
    totals = totals_of(sure(1), *[unsure] * (MOST_EXAMPLES + 5), skipped)
    found = totals.as_json()
    assert found["photos"] == MOST_EXAMPLES + 7
    assert next(iter(found["decisions"].items())) == ("low_confidence", MOST_EXAMPLES + 5)  # type: ignore[attr-defined]
    assert found["labels"] == {"bicycle": 1}
    assert found["reasons"] == {skipped["reason"]: 1}
    assert len(totals.examples["low_confidence"]) == MOST_EXAMPLES
    again = totals_of(*[sure(1)] * 2, *[skipped] * 3).as_json()
    assert (again["labels"], again["models"]) == ({"bicycle": 2}, {"v1": 2})
    assert again["reasons"] == {skipped["reason"]: 3}


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("PhotoNotFound: there is no s3://b/a: b.png", "PhotoNotFound"),
        ("States.Timeout: 60 s", "States.Timeout"),
        ("the key ends with '/': it marks a folder", "the key ends with '/': it marks a folder"),
        ("TIMED_OUT", "TIMED_OUT"),
    ],
)
def test_reasons_are_counted_by_the_errors_name_where_they_have_one(reason: str, kind: str) -> None:
    assert reason_of(row(reason=reason)) == kind


def test_the_page_and_the_lines_say_what_came_of_it() -> None:
    bad = row(s3_key="<b>.png", decision="unusable", reason="PhotoNotFound: there is no s3://b/<b>.png")
    totals = totals_of(sure(1), bad)
    attempt = Attempt(Source("prefix", "b", "backfill/"), 1, 2)
    document = described(attempt, ended("", 2), totals)
    text = page(document, totals)
    assert "<b>.png" not in text
    assert "&lt;b&gt;.png" in text
    assert "interrupted, and finished by attempt 2" in text
    assert "not sure enough" not in text
    said = list(lines(Summary(attempt.run, document, Path("folder"))))
    assert said[0] == "2 photos in 4.0 s, 0 photos/s"
    assert "PhotoNotFound" in said[-5]
    assert said[-1] == "folder/summary.html"


def test_an_execution_is_followed_to_its_end(aws: Aws, stepfunctions: Stubber, manual: Any) -> None:
    machine = {"executionArn": "arn:execution:1", "stateMachineArn": "arn:machine:1", "startDate": START}
    run = {"mapRunArn": "arn:map-run:1", "startDate": START}
    listed = {"executionArn": machine["executionArn"], "stateMachineArn": machine["stateMachineArn"], **run}
    numbers = dict.fromkeys(["pending", "running", "timedOut", "aborted", "resultsWritten"], 0)
    described_run = {
        **run,
        "executionArn": machine["executionArn"],
        "status": "RUNNING",
        "maxConcurrency": 2,
        "toleratedFailurePercentage": 1.0,
        "toleratedFailureCount": 0,
        "executionCounts": {**numbers, "succeeded": 1, "failed": 1, "total": 2},
    }
    items = {**numbers, "succeeded": 50, "failed": 1, "timedOut": 2, "aborted": 4, "total": 60}
    stepfunctions.add_response("describe_execution", {**machine, "status": "RUNNING"})
    stepfunctions.add_response("list_map_runs", {"mapRuns": []})
    failure = {"status": "FAILED", "stopDate": START, "error": "States.X", "cause": "too many"}
    stepfunctions.add_response("describe_execution", {**machine, **failure})
    for _ in range(2):
        stepfunctions.add_response("list_map_runs", {"mapRuns": [listed]})
        stepfunctions.add_response("describe_map_run", {**described_run, "itemCounts": items})
    shown: list[Counts] = []
    found = follow(aws, "arn:execution:1", shown.append, manual.clock)
    assert shown == [Counts(), Counts(57, 7, 60)]
    why = "States.X: too many"
    assert found == Ended("arn:execution:1", "FAILED", "", why, START, START, Counts(57, 7, 60))
    assert manual.time == 1.0


def test_an_execution_that_succeeds_has_an_output(aws: Aws, stepfunctions: Stubber, manual: Any) -> None:
    machine = {"executionArn": "arn:execution:1", "stateMachineArn": "arn:machine:1", "startDate": START}
    success = {"status": "SUCCEEDED", "stopDate": START + timedelta(seconds=4), "output": "{}"}
    stepfunctions.add_response("describe_execution", {**machine, **success})
    for _ in range(2):
        stepfunctions.add_response("list_map_runs", {"mapRuns": []})
    found = follow(aws, "arn:execution:1", lambda _: None, manual.clock)
    assert found == Ended("arn:execution:1", "SUCCEEDED", "{}", "", START, START + timedelta(seconds=4), Counts())


def test_before_the_map_has_begun_there_is_nothing_to_count(aws: Aws, stepfunctions: Stubber) -> None:
    stepfunctions.add_response("list_map_runs", {"mapRuns": []})
    assert counts(aws, "arn:execution:1") == Counts()
