"""The folders of an environment, and what the tests put into them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from unit.lambdas.conftest import BUCKET

from lambdas.select_captures.captures import Hour
from lambdas.select_captures.request import Folder, Request
from windows.spans import Span

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
FOLDERS = ("capture", "kept/profiles", "ground-truth", "verdicts", "reports/one")
CAPTURES, PROFILES, TRUTH, VERDICTS, PLACE = (Folder(BUCKET, name) for name in FOLDERS)
REQUEST = Request(Span(NOON, NOON + HOUR), NOON + HOUR, CAPTURES, PROFILES, TRUTH, VERDICTS, PLACE, "manner")


def put(s3: Any, key: str, body: str = "") -> str:
    """Puts an object; returns its key."""
    s3.put_object(Bucket=BUCKET, Key=key, Body=body.encode())
    return key


def capture(s3: Any, time: datetime, name: str = "a", body: str = "photo") -> str:
    """Puts a capture file into the folder of its hour; returns its key."""
    return put(s3, f"capture/AllTraffic/{time:%Y/%m/%d/%H}/{name}.jsonl", body)


def profile(s3: Any, hour: Hour, *lost: str) -> list[str]:
    """Puts the files of an hour's profile, but for those that are lost; returns their keys."""
    kinds = (".json.gz", "-1.counts.json.gz", "-1.samples.json.gz", "-1.pixels")
    return [put(s3, f"kept/profiles/profile-{hour.profile}{kind}") for kind in kinds if kind not in lost]
