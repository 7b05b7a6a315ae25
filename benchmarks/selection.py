"""What an execution of monitoring downloads of ninety days of history: objects and bytes, by kind and window.

Run as `python benchmarks/selection.py [--days 90] [--photos 2]`. Fills an S3 that moto keeps in memory: so many photos
an hour, captured and with ground truth in a file each, the verdict on each day, and the profiles that the job makes.
Then calls the function `select-captures`, and adds up what its manifests name, beside all that there is.
"""

# ruff: noqa: E402
import argparse
import json
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])

import boto3
import numpy as np
from botocore.client import BaseClient
from moto import mock_aws

from benchmarks.detection import CLASSES, record
from lambdas.select_captures.request import Request
from lambdas.select_captures.service import answer
from monitoring.analyze import main as analyze
from monitoring.captures.payloads import Defaults
from monitoring.profiles.groups import manner

BUCKET = "history"
FOLDERS = {"captures": "capture", "profiles": "profiles", "ground-truth": "ground-truth", "verdicts": "verdicts"}
PLACE = "selection"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)  # twelve hours of the day are there
HOUR = timedelta(hours=1)


def fill(s3: BaseClient, days: int, photos: int) -> None:
    """Puts captures and ground truth, which people gave after two hours each."""
    images = np.random.default_rng(0).integers(0, 256, (photos, 32, 32, 3), dtype=np.uint8)
    put(s3, "profiles/README.txt", "profiles")
    for hour in (NOON - number * HOUR for number in range(days * 24, 0, -1)):
        times = [hour + number * HOUR / photos for number in range(photos)]
        names = [hour.hour * 1000 + number for number in range(photos)]
        rows = zip(images, times, names, strict=True)
        lines = [record(image, 0, 0.97, time, name) for image, time, name in rows]
        put(s3, f"capture/vehicles/AllTraffic/{hour:%Y/%m/%d/%H}/a.jsonl", "\n".join(lines))
        for event in (json.loads(line)["eventMetadata"]["eventId"] for line in lines):
            label = {"groundTruthData": {"data": CLASSES[0], "encoding": "CSV"}, "eventMetadata": {"eventId": event}}
            put(s3, f"ground-truth/{hour + 2 * HOUR:%Y/%m/%d/%H}/{event}.jsonl", json.dumps(label))


def put(s3: BaseClient, key: str, content: str | bytes) -> None:
    """Writes an object."""
    s3.put_object(Bucket=BUCKET, Key=key, Body=content)


def get(s3: BaseClient, key: str) -> bytes:
    """The content of an object."""
    content: bytes = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return content


def select(s3: BaseClient, window: str, now: datetime) -> dict[str, list[str]]:
    """The keys that the function selects, by kind."""
    uris = {
        f"{name}_uri": f"s3://{BUCKET}/{name.replace('_', '-')}" for name in ("profiles", "ground_truth", "verdicts")
    }
    event = {"window": window, "now": now.isoformat(), "place": f"s3://{BUCKET}/{PLACE}", "shares": 1, **uris}
    event |= {"captures_uri": f"s3://{BUCKET}/capture/vehicles", "manner": manner(Defaults(CLASSES))}
    answer(s3, Request.parse(event))
    return {kind: json.loads(get(s3, f"{PLACE}/{kind}.manifest"))[1:] for kind in FOLDERS}


def judge(s3: BaseClient, window: str, now: datetime) -> bytes:
    """Runs the job on what is selected, and keeps its profiles; returns the verdict."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, keys in select(s3, window, now).items():
            for key in keys:
                (folder / kind / key).parent.mkdir(parents=True, exist_ok=True)
                (folder / kind / key).write_bytes(get(s3, key))
        (folder / "listing.json").write_bytes(get(s3, f"{PLACE}/listing.json"))
        options = ["--captures", "captures", "--listing", "listing.json", "--known-profiles", "profiles/profiles"]
        options += [
            "--profiles",
            "new",
            "--ground-truth",
            "ground-truth",
            "--history",
            "verdicts",
            "--output",
            "output",
        ]
        places = [each if each.startswith("--") else str(folder / each) for each in options]
        if analyze([*places, "--classes", ",".join(CLASSES), "--now", now.isoformat()]):
            raise SystemExit("the job has failed")
        for path in (folder / "new").glob("*"):
            put(s3, f"profiles/{path.name}", path.read_bytes())
        return (folder / "output" / "verdict.json").read_bytes()


def remember(s3: BaseClient, verdict: bytes, days: int) -> None:
    """Puts a verdict on each day before the last one, as `report-incident` does."""
    for day in (NOON.replace(hour=0) - number * 24 * HOUR for number in range(1, days)):
        end = day + 24 * HOUR
        said = {**json.loads(verdict), "window": {"from": day.isoformat(), "to": end.isoformat()}}
        put(s3, f"verdicts/{day:%Y%m%dT%H%M%S}-{end:%Y%m%dT%H%M%S}/verdict.json", json.dumps(said, indent=1))


def sizes(s3: BaseClient) -> dict[str, int]:
    """The bytes of all objects, by key."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    return {each["Key"]: each["Size"] for page in pages for each in page["Contents"]}


def cell(sizes: Iterable[int]) -> str:
    """How many objects, and their bytes."""
    found = list(sizes)
    return f"{len(found):,}, {sum(found) / 1000:,.0f} kB"


def main() -> None:
    """Prints a row for each kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--photos", type=int, default=2, help="an hour")
    options = parser.parse_args()
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")  # noqa: S106  # nosec B106
        s3.create_bucket(Bucket=BUCKET)
        fill(s3, options.days, options.photos)
        for window in ("day", "recent"):  # the days before, in which the profiles came about
            verdict = judge(s3, window, NOON)
        remember(s3, verdict, options.days)
        there = sizes(s3)
        windows = {window: select(s3, window, NOON) for window in ("hour", "day", "recent")}
    print("objects, bytes | all", *windows, sep=" | ")
    for kind, folder in FOLDERS.items():
        whole = cell(size for key, size in there.items() if key.startswith(f"{folder}/"))
        print(kind, whole, *(cell(there[key] for key in chosen[kind]) for chosen in windows.values()), sep=" | ")


if __name__ == "__main__":
    main()
