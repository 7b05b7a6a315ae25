"""What lies in the bucket after some months, and the monitoring job on what is selected of it."""

import base64
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from unit.lambdas.conftest import BUCKET
from unit.lambdas.context import CONTEXT

from lambdas.select_captures.handler import handler
from monitoring.analyze import main
from monitoring.captures.payloads import Defaults
from monitoring.profiles.groups import manner

FOLDER = "capture/vehicles"
TODAY = datetime(2026, 3, 9, tzinfo=UTC)
KINDS = ("counts", "samples", "pixels")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EVENT = {
    "window": "day",
    "now": "2026-03-10T01:30:00Z",
    "captures_uri": f"s3://{BUCKET}/{FOLDER}",
    "profiles_uri": f"s3://{BUCKET}/profiles",
    "ground_truth_uri": f"s3://{BUCKET}/ground-truth",
    "verdicts_uri": f"s3://{BUCKET}/verdicts",
    "place": f"s3://{BUCKET}/reports/execution/selection",
    "manner": manner(Defaults(("bicycle", "motorcycle"))),
    "shares": 1,
}


def capture(s3: Any, time: datetime, name: str = "a", folder: str = FOLDER) -> str:
    """Puts a file with one captured photo, as data capture does; returns its key."""
    picture = io.BytesIO()
    Image.new("RGB", (32, 32), (time.hour * 10, time.day * 8, 90)).save(picture, "PNG")
    request = {"observedContentType": "image/png", "encoding": "BASE64", "mode": "INPUT"}
    said = {
        "labels": ["bicycle", "motorcycle"],
        "probabilities": [[0.97, 0.03]],
        "threshold": 0.9,
        "model_version": "1",
    }
    answer = {"observedContentType": "application/json", "encoding": "JSON", "mode": "OUTPUT", "data": json.dumps(said)}
    photo = {**request, "data": base64.b64encode(picture.getvalue()).decode()}
    metadata = {"eventId": f"{name} {time.isoformat()}", "inferenceTime": time.isoformat()}
    record = {"captureData": {"endpointInput": photo, "endpointOutput": answer}, "eventMetadata": metadata}
    key = f"{folder}/AllTraffic/{time:%Y/%m/%d/%H}/{name}.jsonl"
    s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(record).encode())
    return key


def history(s3: Any, days: int) -> None:
    """A photo at noon of so many days, of which yesterday is the last."""
    for day in range(days):
        capture(s3, TODAY - day * DAY + 12 * HOUR)


def content(s3: Any, key: str) -> bytes:
    body: bytes = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return body


def listed(s3: Any, name: str) -> list[str]:
    """The keys that SageMaker downloads by a manifest."""
    prefix, *names = json.loads(content(s3, f"reports/execution/selection/{name}.manifest"))
    assert prefix == {"prefix": f"s3://{BUCKET}/"}
    return names


def select(s3: Any, **more: str | int) -> list[str]:
    """Calls the function; returns the captures that it lists."""
    assert handler({**EVENT, **more}, CONTEXT) == {"place": EVENT["place"]}
    return listed(s3, "captures")


def download(s3: Any, folder: Path, *kinds: str) -> None:
    """Downloads what is listed, as SageMaker does."""
    for kind in kinds:
        for key in listed(s3, kind):
            path = folder / kind / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content(s3, key))
    (folder / "listing.json").write_bytes(content(s3, "reports/execution/selection/listing.json"))


def run_the_job(s3: Any, folder: Path, **more: Path) -> dict[str, Any]:
    """Runs the monitoring job on what is listed and keeps its profiles; returns the verdict."""
    download(s3, folder, "captures", "profiles", "ground-truth", "verdicts")
    given = {
        "captures": folder / "captures",
        "listing": folder / "listing.json",
        "known-profiles": folder / "profiles/profiles",
        "profiles": folder / "new",
        "ground-truth": folder / "ground-truth",
        "history": folder / "verdicts",
    }
    verdict = analyze(folder / "output", **given, **more)
    for path in (folder / "new").glob("*"):
        s3.put_object(Bucket=BUCKET, Key=f"profiles/{path.name}", Body=path.read_bytes())
    return verdict


def analyze(output: Path, **given: Path | str) -> dict[str, Any]:
    """Runs the monitoring job; returns the verdict."""
    options = {"output": output, "classes": "bicycle,motorcycle", "now": EVENT["now"], **given}
    assert main([text for name, value in options.items() for text in (f"--{name}", str(value))]) == 0
    verdict: dict[str, Any] = json.loads((output / "verdict.json").read_text())
    return verdict


def analyze_everything(s3: Any, folder: Path, **more: str) -> dict[str, Any]:
    """Runs the monitoring job on all that there is, instead of what is listed; returns the verdict."""
    for kind in ("capture", "ground-truth", "verdicts"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for key in keys(s3, f"{kind}/"):
            (folder / key).parent.mkdir(parents=True, exist_ok=True)
            (folder / key).write_bytes(content(s3, key))
    given = {"captures": folder / FOLDER, "ground-truth": folder / "ground-truth", "history": folder / "verdicts"}
    return analyze(folder / "output", **given, **more)


def label(s3: Any, photo: datetime, learned: str) -> str:
    """Puts the actual class of a captured photo into a folder of ground truth; returns the key."""
    record = {
        "groundTruthData": {"data": "bicycle", "encoding": "CSV"},
        "eventMetadata": {"eventId": f"a {photo.isoformat()}"},
        "eventVersion": "0",
    }
    key = f"ground-truth/{learned}{photo:%Y%m%d%H}.jsonl"
    s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(record).encode())
    return key


def remember(s3: Any, start: datetime) -> str:
    """Puts the verdict on a day, as `report-incident` does; returns its key."""
    end = start + DAY
    said = {"verdict": "trust", "window": {"from": start.isoformat(), "to": end.isoformat()}, "records": 30}
    key = f"verdicts/{start:%Y%m%dT%H%M%S}-{end:%Y%m%dT%H%M%S}/verdict.json"
    s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(said).encode())
    return key


def same(one: Path, other: Path, *names: str) -> bool:
    """Whether two runs of the job have written the same, byte for byte."""
    return all((one / "output" / name).read_bytes() == (other / "output" / name).read_bytes() for name in names)


def keys(s3: Any, prefix: str) -> list[str]:
    return [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]
