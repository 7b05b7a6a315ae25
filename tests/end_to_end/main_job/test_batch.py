"""`scones workflow batch` on a deployed model whose roles are enforced: each photo of each kind of source has a row."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from end_to_end.support import MARKS, Scones

pytestmark = MARKS

BUCKET = "scones-unlimited-local-123456789012-eu-west-1"
MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:scones-unlimited-local-batch"
FOLDER = "backfill/a b+ü"
COUNT = 30


@pytest.fixture(scope="module")
def photos(standing: Scones, first: dict[str, Any]) -> list[str]:
    """Keys of 30 photos below one prefix, of which the eighth is no picture; there is a folder's marker as well."""
    s3, files = standing.client("s3"), sorted((standing.build / "photos").glob("*.png"))
    keys = [f"{FOLDER}/{number:02}.png" for number in range(COUNT)]
    for number, key in enumerate(keys):
        body = b"no picture" if number == 7 else files[number % len(files)].read_bytes()
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    s3.put_object(Bucket=BUCKET, Key=f"{FOLDER}/", Body=b"")
    return keys


def batch(scones: Scones, key: str, *options: str) -> str:
    ran = scones.here("workflow", "batch", f"s3://{BUCKET}/{key}", *options)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def table_of(said: str) -> list[dict[str, str]]:
    path = next(line for line in said.splitlines() if line.endswith("results.csv"))
    with Path(path.strip()).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def started(scones: Scones) -> list[str]:
    found = scones.client("stepfunctions").list_executions(stateMachineArn=MACHINE)["executions"]
    return [each["name"] for each in found]


def test_each_photo_below_a_prefix_has_a_row_and_the_results_are_in_the_bucket(
    standing: Scones, photos: list[str]
) -> None:
    said = batch(standing, f"{FOLDER}/", "--watch")
    assert f"{COUNT + 1} of {COUNT + 1} photos" in said
    rows = {row["s3_key"]: row for row in table_of(said)}
    assert sorted(rows) == sorted([*photos, f"{FOLDER}/"])
    assert rows[photos[7]]["decision"] == "unusable"
    assert rows[photos[7]]["reason"].startswith("PhotoUnreadable: ")
    assert rows[f"{FOLDER}/"]["decision"] == "skipped"
    good = [row for key, row in rows.items() if key not in (photos[7], f"{FOLDER}/")]
    assert {row["decision"] for row in good} <= {"accepted", "low_confidence", "not_a_known_vehicle"}
    assert {row["inference_id"] for row in good} == {good[0]["inference_id"]}  # one request
    assert all(bool(row["loading_bay"]) == (row["decision"] == "accepted") for row in good)
    run = Path(next(line for line in said.splitlines() if line.endswith("totals.json"))).parent.name
    kept = standing.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=f"batches/{run}/")["Contents"]
    assert {each["Key"].split("/")[2] for each in kept} == {
        *("parts", "results", "results.csv", "results.parquet", "summary.html", "totals.json")
    }


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl"])
def test_lists_name_photos(standing: Scones, photos: list[str], kind: str) -> None:
    entries = [{"s3_key": key} for key in photos[:8]]
    bodies = {
        "csv": "\n".join(["s3_key", *photos[:8]]),
        "json": json.dumps(photos[:8]),
        "jsonl": "\n".join(map(json.dumps, entries)),
    }
    standing.client("s3").put_object(Bucket=BUCKET, Key=f"backfill/list.{kind}", Body=bodies[kind].encode())
    rows = table_of(batch(standing, f"backfill/list.{kind}", "--watch"))
    assert [row["s3_key"] for row in rows] == photos[:8]
    assert [row["decision"] for row in rows].count("unusable") == 1


def test_an_inventory_names_photos(standing: Scones, photos: list[str]) -> None:
    s3, deleted = standing.client("s3"), f"{FOLDER}/deleted.png"
    entries = [(BUCKET, quote_plus(key), "true", "false") for key in photos[6:9]]
    entries += [(BUCKET, quote_plus(deleted), "true", "true"), (BUCKET, quote_plus(photos[0]), "false", "false")]
    content = "".join(",".join(f'"{value}"' for value in entry) + "\n" for entry in entries)
    s3.put_object(Bucket=BUCKET, Key="backfill/inventory/data/1.csv.gz", Body=gzip.compress(content.encode()))
    manifest = {
        "sourceBucket": BUCKET,
        "destinationBucket": f"arn:aws:s3:::{BUCKET}",
        "fileFormat": "CSV",
        "fileSchema": "Bucket, Key, IsLatest, IsDeleteMarker",
        "files": [{"key": "backfill/inventory/data/1.csv.gz"}],
    }
    s3.put_object(Bucket=BUCKET, Key="backfill/inventory/manifest.json", Body=json.dumps(manifest))
    rows = table_of(batch(standing, "backfill/inventory/manifest.json", "--watch"))
    assert [row["s3_key"] for row in rows] == [*photos[6:9], deleted, photos[0]]
    assert [row["decision"] for row in rows][1:2] == ["unusable"]
    assert [row["decision"] for row in rows][3:] == ["skipped", "skipped"]


def test_a_run_that_was_stopped_goes_on_without_doing_a_batch_twice(standing: Scones, photos: list[str]) -> None:
    states, logs = standing.client("stepfunctions"), standing.client("logs")
    key = "backfill/twice.jsonl"
    standing.client("s3").put_object(Bucket=BUCKET, Key=key, Body="\n".join(map(json.dumps, photos)).encode())
    before = started(standing)
    arn = batch(standing, key).splitlines()[-1]
    standing.wait_for(lambda: states.describe_execution(executionArn=arn)["status"] != "RUNNING")
    [name] = set(started(standing)) - {*before}
    # As if it had broken off at the end: the rows of its batches are there, and it is not summed up.
    again = {"run": name.rpartition("-")[0], "source": {"format": "jsonl", "bucket": BUCKET, "key": key}}
    second = states.start_execution(stateMachineArn=MACHINE, name=f"{name[:-1]}2", input=json.dumps(again))
    standing.wait_for(lambda: states.describe_execution(executionArn=second["executionArn"])["status"] != "RUNNING")
    rows = table_of(batch(standing, key, "--watch"))  # sums up the newest attempt, and starts nothing
    assert len(rows) == COUNT
    assert set(started(standing)) - {*before} == {name, f"{name[:-1]}2"}
    events = logs.filter_log_events(logGroupName="/aws/lambda/scones-unlimited-local-classify-batch")["events"]
    lines = [json.loads(event["message"]) for event in events]
    mine = [line for line in lines if line.get("message") == "done" and line["run"] == again["run"]]
    assert [line["answered_before"] for line in mine] == [False, True]
    shown = standing.here("workflow", "show", name)
    assert "1 child: 1 succeeded" in shown.stdout, shown.stdout + shown.stderr
    assert "express: their states" in shown.stdout


def test_what_cannot_be_read_is_told_before_anything_starts(standing: Scones, first: dict[str, Any]) -> None:
    before = started(standing)
    for key, says in (
        ("capture/", "must lie below"),
        ("backfill/none/", "no key in"),
        ("backfill/none.csv", "there is no"),
    ):
        ran = standing.here("workflow", "batch", f"s3://{BUCKET}/{key}")
        assert ran.returncode == 4, ran.stdout + ran.stderr
        assert says in ran.stderr
    assert started(standing) == before
