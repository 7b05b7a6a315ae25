"""The whole function, against moto: what it lists of ninety days of captures, and that the job needs nothing else."""

import base64
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from unit.lambdas.conftest import BUCKET
from unit.lambdas.context import CONTEXT

from lambdas.select_captures import files
from lambdas.select_captures.handler import handler
from lambdas.shared.errors import InvalidRequest
from monitoring import profile_share
from monitoring.analyze import main
from monitoring.captures.payloads import Defaults
from monitoring.profiles.groups import manner
from windows.folders import day_of

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


@pytest.fixture
def bucket(s3: Any) -> Any:
    """S3 with what lies beside profiles from the beginning."""
    s3.put_object(Bucket=BUCKET, Key="profiles/README.txt", Body=b"profiles")
    return s3


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


def test_what_is_read_grows_with_the_window_and_not_with_the_history(bucket: Any, tmp_path: Path) -> None:
    history(bucket, 16)
    noon = [f"{FOLDER}/AllTraffic/{TODAY - day * DAY:%Y/%m/%d}/12/a.jsonl" for day in range(14, -1, -1)]
    labels = [label(bucket, TODAY + 12 * HOUR, "2026/03/10/01/")]
    assert select(bucket) == noon
    assert listed(bucket, "profiles") == listed(bucket, "verdicts") == ["profiles/README.txt"]
    first = run_the_job(bucket, tmp_path / "first")
    assert first["window"] == {"from": "2026-03-09T00:00:00Z", "to": "2026-03-10T00:00:00Z"}
    assert first["accuracy"]["measured"]["photos"] == 1
    for day in range(16, 90):
        capture(bucket, TODAY - day * DAY)
        label(bucket, TODAY - day * DAY, f"{TODAY - day * DAY:%Y/%m/%d/01}/")
    older, *shown = [remember(bucket, TODAY - day * DAY) for day in (400, 370, 1)]
    assert select(bucket) == noon[-1:]
    assert len(listed(bucket, "profiles")) == 14 * len(("list", "counts")) + len(("list", *KINDS))
    assert (listed(bucket, "ground-truth"), listed(bucket, "verdicts")) == (labels, shown)
    assert run_the_job(bucket, tmp_path / "again") == first
    assert not (tmp_path / "again" / "new").exists()
    assert same(tmp_path / "first", tmp_path / "again", "report.html")
    bucket.delete_object(Bucket=BUCKET, Key=older)
    assert analyze_everything(bucket, tmp_path / "everything", window="day") == first
    assert same(tmp_path / "again", tmp_path / "everything", "report.html", "index.html", "statistics.json")


def same(one: Path, other: Path, *names: str) -> bool:
    """Whether two runs of the job have written the same, byte for byte."""
    return all((one / "output" / name).read_bytes() == (other / "output" / name).read_bytes() for name in names)


def test_several_jobs_that_read_shares_give_the_same_report_as_one(bucket: Any, tmp_path: Path) -> None:
    before = [capture(bucket, TODAY - hours * HOUR) for hours in (50, 40, 30)]
    of_the_day = [capture(bucket, TODAY + 6 * HOUR, name) for name in ("a", "b")]
    select(bucket)
    alone = run_the_job(bucket, tmp_path / "alone")
    for key in keys(bucket, "profiles/profile-"):
        bucket.delete_object(Bucket=BUCKET, Key=key)
    assert select(bucket, shares=3) == of_the_day  # whose photos the report may show
    shares = [listed(bucket, f"share-{number}") for number in (1, 2, 3)]
    assert sorted(key for share in shares for key in share) == sorted([*before, *of_the_day])
    assert shares[0] == of_the_day  # an hour with twice as many bytes as each other one, and never divided
    for number in (1, 2, 3):
        share = tmp_path / f"job-{number}"
        download(bucket, share, f"share-{number}")
        given = ("--captures", str(share / f"share-{number}"), "--listing", str(share / "listing.json"))
        more = ("--output", str(tmp_path / "new-profiles"), "--classes", "bicycle,motorcycle")
        assert profile_share.main([*given, *more]) == 0
    together = run_the_job(bucket, tmp_path / "together", **{"new-profiles": tmp_path / "new-profiles"})
    assert together == alone
    assert same(tmp_path / "alone", tmp_path / "together", "report.html")
    assert select(bucket, shares=3) == of_the_day
    assert [listed(bucket, f"share-{number}") for number in (1, 2, 3)] == [["profiles/README.txt"]] * 3


def keys(s3: Any, prefix: str) -> list[str]:
    return [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])]


def test_folders_of_other_days_are_not_listed(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    history(bucket, 30)
    for day in range(30):
        label(bucket, TODAY - day * DAY, f"{TODAY - day * DAY:%Y/%m/%d/%H}/")
    looked: list[str] = []
    objects = files._objects

    def noted(s3: Any, name: str, prefix: str, span: Any) -> Iterator[Any]:
        looked.append(prefix)
        return objects(s3, name, prefix, span)

    monkeypatch.setattr(files, "_objects", noted)
    for window, of_captures in (("day", 15), ("recent", 16)):  # the last 24 hours lie in two days
        looked.clear()
        select(bucket, window=window)
        days = {prefix for prefix in looked if day_of(prefix.rstrip("/"))}
        assert len([prefix for prefix in days if prefix.startswith("capture")]) == of_captures
        assert len([prefix for prefix in days if prefix.startswith("ground-truth")]) == 2


def test_an_hour_that_got_a_file_late_is_read_again(bucket: Any, tmp_path: Path) -> None:
    history(bucket, 4)
    select(bucket)
    before = run_the_job(bucket, tmp_path / "first")
    late = capture(bucket, TODAY - 3 * DAY + 12 * HOUR, "late")
    of_its_hour = [late.replace("late", "a"), late]
    assert select(bucket) == [*of_its_hour, f"{FOLDER}/AllTraffic/2026/03/09/12/a.jsonl"]
    after = run_the_job(bucket, tmp_path / "again")
    assert after["records"] == before["records"] == 1
    assert select(bucket) == [f"{FOLDER}/AllTraffic/2026/03/09/12/a.jsonl"]


def test_hours_that_nobody_read_on_their_day_are_read_later(bucket: Any, tmp_path: Path) -> None:
    history(bucket, 3)
    select(bucket, now="2026-03-08T01:30:00Z")
    run_the_job(bucket, tmp_path)  # and on the day after monitoring did not run
    assert [key.split("/")[5] for key in select(bucket)] == ["08", "09"]


def test_a_profile_that_was_not_kept_to_the_end_is_made_again(bucket: Any, tmp_path: Path) -> None:
    history(bucket, 2)
    select(bucket)
    run_the_job(bucket, tmp_path)
    assert len(select(bucket)) == 1
    names = keys(bucket, "profiles/profile-20260308T12-")
    assert len(names) == len(("list", *KINDS))
    for lost in names:
        body = content(bucket, lost)
        bucket.delete_object(Bucket=BUCKET, Key=lost)
        assert len(select(bucket)) == 2
        bucket.put_object(Bucket=BUCKET, Key=lost, Body=body)
    assert len(select(bucket)) == 1


def test_a_window_without_captures_has_a_file_all_the_same(bucket: Any, tmp_path: Path) -> None:
    assert select(bucket) == listed(bucket, "profiles") == ["profiles/README.txt"]
    verdict = run_the_job(bucket, tmp_path)
    assert (verdict["verdict"], verdict["records"]) == ("cannot_tell", 0)
    assert verdict["not_compared"][0]["why"] == "nothing was captured"


def test_the_last_day_that_has_captures_is_judged_as_if_all_of_them_were_there(bucket: Any, tmp_path: Path) -> None:
    last = [capture(bucket, TODAY + hours * HOUR, folder=f"{FOLDER}/{hours}") for hours in (9, 12, 13)]
    capture(bucket, TODAY - 60 * DAY)
    assert select(bucket, window="recent") == last
    alone = run_the_job(bucket, tmp_path / "alone")
    assert alone["window"]["from"] == "2026-03-08T14:00:00Z"  # and not the first photo, for there are earlier ones
    assert alone == analyze_everything(bucket, tmp_path / "everything")
    before = [capture(bucket, TODAY - hours * HOUR) for hours in (9, 11, 12, 300)]
    assert set(select(bucket, window="recent")) == {*last, *before}
    after = run_the_job(bucket, tmp_path / "again")
    assert after["records"] == len(last) + len(before[:1])
    assert after == analyze_everything(bucket, tmp_path / "everything")
    assert set(select(bucket, window="recent")) == {*last, *before[:2]}  # records may be of the hour before
    assert len(listed(bucket, "profiles")) == 5 * len(("list", *KINDS)) + 2 * len(("list", "counts"))


def test_without_older_captures_the_window_begins_with_the_first_one(bucket: Any, tmp_path: Path) -> None:
    first = capture(bucket, TODAY + 9 * HOUR)
    assert select(bucket, window="recent") == [first]
    assert run_the_job(bucket, tmp_path)["window"]["from"] == "2026-03-09T09:00:00Z"


def test_ground_truth_is_listed_from_the_windows_first_hour_on(bucket: Any) -> None:
    history(bucket, 4)
    noon = TODAY + 12 * HOUR
    label(bucket, noon - 2 * DAY, "2026/03/07/13/")
    evening = label(bucket, noon - DAY, "2026/03/08/22/")
    needed = [
        label(bucket, noon - DAY, "2026/03/08/23/"),  # a clock may be late
        label(bucket, noon, "2026/03/09/12/"),
        label(bucket, noon, "2026/03/10/01/"),
        label(bucket, noon, "elsewhere/"),
    ]
    select(bucket)
    assert listed(bucket, "ground-truth") == needed
    select(bucket, window="recent")  # which begins at noon
    assert listed(bucket, "ground-truth") == [evening, *needed]


def test_the_last_records_of_an_hour_may_lie_in_the_next_hours_folder(bucket: Any) -> None:
    expected = [capture(bucket, TODAY + hours * HOUR) for hours in (-1, 0, 23, 24, 25)][1:4]
    assert [key for key in select(bucket) if key in expected] == expected
    assert len(select(bucket, window="hour", now="2026-03-10T00:10:00Z")) == 4  # no hour was read yet


def test_files_in_no_hours_folder_are_read_together(bucket: Any, tmp_path: Path) -> None:
    history(bucket, 2)
    time = TODAY + 5 * HOUR
    elsewhere = capture(bucket, time, folder="elsewhere")
    bucket.copy_object(Bucket=BUCKET, Key=f"{FOLDER}/x.jsonl", CopySource=f"{BUCKET}/{elsewhere}")
    bucket.put_object(Bucket=BUCKET, Key=f"{FOLDER}/notes.txt", Body=b"no captures")
    assert len(select(bucket)) == 3
    assert run_the_job(bucket, tmp_path)["records"] == 2
    assert len(select(bucket)) == 3  # which may all be the window's
    assert [key for key in listed(bucket, "profiles") if "profile-all-" not in key] == []


def test_what_is_read_in_another_manner_is_read_again(bucket: Any, tmp_path: Path) -> None:
    history(bucket, 4)
    select(bucket)
    run_the_job(bucket, tmp_path)
    assert len(select(bucket, manner="another")) == 4


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"window": "week"}, "'window' must be one of recent, hour, day"),
        ({"now": "yesterday"}, "'now' must be a time in ISO 8601"),
        ({"now": "2026-03-10T01:30:00"}, "'now' must have a zone"),
        ({"captures_uri": "capture/vehicles"}, "'captures_uri' must be s3://<bucket>/<folder>"),
        ({"place": "s3://bucket/"}, "'place' must be s3://<bucket>/<folder>"),
        ({"shares": 0}, "'shares' must be a whole number from 1, got 0"),
        ({"shares": True}, "'shares' must be a whole number from 1, got True"),
        ({"shares": "2"}, "'shares' must be a whole number from 1, got a str of length 1"),
        ({"manner": ""}, "'manner' must be a non-empty string"),
    ],
)
def test_what_is_wrong_is_named(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        handler({**EVENT, **wrong}, CONTEXT)
