"""What a window needs, as the lists say it, against moto's S3."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from unit.lambdas.conftest import BUCKET

from lambdas.select_captures import files
from lambdas.select_captures.captures import Hour, find_hours
from lambdas.select_captures.files import File, find_days
from lambdas.select_captures.ground_truth import find_ground_truth
from lambdas.select_captures.profiles import find_profiles
from lambdas.select_captures.recent import Window, find_recent
from lambdas.select_captures.request import Folder, Request
from lambdas.select_captures.service import answer
from lambdas.select_captures.verdicts import find_verdicts
from windows.spans import EVERYTHING, Span

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
FOLDERS = ("capture", "kept/profiles", "ground-truth", "verdicts", "reports/one")
CAPTURES, PROFILES, TRUTH, VERDICTS, PLACE = (Folder(BUCKET, name) for name in FOLDERS)
REQUEST = Request(Span(NOON, NOON + HOUR), NOON + HOUR, CAPTURES, PROFILES, TRUTH, VERDICTS, PLACE, "manner")


def put(s3: Any, key: str, body: str = "") -> str:
    s3.put_object(Bucket=BUCKET, Key=key, Body=body.encode())
    return key


def capture(s3: Any, time: datetime, name: str = "a", body: str = "photo") -> str:
    return put(s3, f"capture/AllTraffic/{time:%Y/%m/%d/%H}/{name}.jsonl", body)


def profile(s3: Any, hour: Hour, *lost: str) -> list[str]:
    """Puts the files of an hour's profile, but for those that are lost; returns their keys."""
    kinds = (".json.gz", "-1.counts.json.gz", "-1.samples.json.gz", "-1.pixels")
    return [put(s3, f"kept/profiles/profile-{hour.profile}{kind}") for kind in kinds if kind not in lost]


def document(s3: Any, name: str) -> Any:
    return json.loads(s3.get_object(Bucket=BUCKET, Key=f"reports/one/{name}")["Body"].read())


def test_an_hours_profile_is_named_by_the_hour_and_what_its_files_hold() -> None:
    both = [File("x", "1", 5), File("y", "2", 6)]
    digest = hashlib.blake2b(b"manner" + b"x\x001\x00" + b"y\x002\x00", digest_size=12).hexdigest()
    assert Hour.of(NOON, both, "manner") == Hour(NOON, f"20260309T12-{digest}", tuple(both))
    assert Hour.of(None, both, "manner").profile == f"all-{digest}"


def test_an_hour_may_hold_records_of_the_hour_before() -> None:
    hour = Hour.of(NOON, [], "")
    starts = (NOON - 2 * HOUR, NOON - HOUR, NOON, NOON + HOUR)
    assert [hour.touches(Span(start, start + HOUR)) for start in starts] == [False, True, True, False]
    assert hour.touches(EVERYTHING)
    assert Hour.of(None, [], "").touches(Span(NOON, NOON + HOUR))


def test_hours_are_found_in_order_with_their_files(s3: Any) -> None:
    names = [
        capture(s3, time, name) for time, name in ((NOON, "b"), (NOON, "a"), (NOON - HOUR, "a"), (NOON + HOUR, "c"))
    ]
    capture(s3, NOON + 2 * HOUR)
    capture(s3, NOON - DAY)
    put(s3, "capture/AllTraffic/2026/03/09/12/notes.txt")
    put(s3, "captures-of-others/2026/03/09/12/a.jsonl")
    found = find_hours(s3, CAPTURES, Span(NOON, NOON + HOUR), "manner")
    assert [hour.start for hour in found] == [NOON, NOON + HOUR]
    assert [[file.name for file in hour.files] for hour in found] == [
        [names[1].removeprefix("capture/"), names[0].removeprefix("capture/")],
        [names[3].removeprefix("capture/")],
    ]
    assert {(file.tag, file.size) for hour in found for file in hour.files} == {
        (f'"{hashlib.md5(b"photo").hexdigest()}"', 5)
    }
    assert found[0] == Hour.of(NOON, found[0].files, "manner")
    assert len(find_hours(s3, CAPTURES, EVERYTHING, "manner")) == 5


def test_files_in_no_hours_folder_are_read_with_all_others(s3: Any) -> None:
    capture(s3, NOON)
    put(s3, "capture/a.jsonl")
    put(s3, "capture/x/b.jsonl")
    put(s3, "capture/2026/03/08X/c.jsonl")  # is of no day
    [hour] = find_hours(s3, CAPTURES, REQUEST.span, "manner")
    names = [file.name for file in hour.files]
    assert names == ["2026/03/08X/c.jsonl", "AllTraffic/2026/03/09/12/a.jsonl", "a.jsonl", "x/b.jsonl"]
    assert hour == Hour.of(None, hour.files, "manner")


def test_a_day_is_listed_at_once_and_other_days_are_not(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for back in range(3):
        capture(s3, NOON - back * DAY)
    looked: list[str] = []
    objects = files._objects
    monkeypatch.setattr(
        files, "_objects", lambda s3, name, prefix, span: looked.append(prefix) or objects(s3, name, prefix, span)
    )
    find_hours(s3, CAPTURES, REQUEST.span, "manner")
    folders = ("", "AllTraffic/", "AllTraffic/2026/", "AllTraffic/2026/03/", "AllTraffic/2026/03/09/")
    assert looked == [f"capture/{folder}" for folder in folders]


def test_whole_profiles_of_these_hours_are_found(s3: Any) -> None:
    one, two, three, four, lacking = (Hour.of(NOON + number * HOUR, [], "") for number in range(5))
    keys = {hour.profile: sorted(profile(s3, hour)) for hour in (one, two, three)}
    profile(s3, four, "-1.pixels")
    profile(s3, lacking, ".json.gz")
    put(s3, f"kept/profiles/profile-{one.profile}")
    put(s3, "kept/profiles/README.txt")
    assert find_profiles(s3, PROFILES, []) == {}
    found = find_profiles(s3, PROFILES, [one, three, four, lacking])
    assert {name: sorted(each) for name, each in found.items()} == {
        one.profile: keys[one.profile],
        three.profile: keys[three.profile],
    }


def test_profiles_of_earlier_hours_are_not_listed(s3: Any) -> None:
    asked: list[dict[str, Any]] = []
    s3.meta.events.register("provide-client-params.s3.ListObjectsV2", lambda params, **_: asked.append(dict(params)))
    hours = [Hour.of(NOON + number * HOUR, [], "") for number in (1, 0)]
    assert find_profiles(s3, PROFILES, hours) == {}
    begin = f"kept/profiles/profile-{hours[1].profile}"
    assert asked == [{"Bucket": BUCKET, "Prefix": "kept/profiles/profile-", "StartAfter": begin}]


def test_the_lists_for_an_hour(s3: Any) -> None:
    before = [capture(s3, NOON - back * DAY, body="x" * back) for back in (2, 1)]
    own = [capture(s3, NOON, name, "four") for name in ("a", "b")]
    hours = find_hours(s3, CAPTURES, EVERYTHING, "manner")
    listed, counts, *_ = profile(s3, hours[0])
    label = put(s3, "ground-truth/2026/03/09/14/a.jsonl")
    verdict = put(s3, "verdicts/20260308T000000-20260309T000000/verdict.json")
    found = answer(s3, REQUEST)
    assert found == {
        "hours": 3,
        "hours_read_before": 1,
        "files": 4,
        "selected_files": 3,
        "selected_bytes": 9,
        "ground_truth_files": 1,
        "verdicts": 1,
    }
    prefix = {"prefix": f"s3://{BUCKET}/"}
    assert document(s3, "captures.manifest") == [prefix, before[1], *own]
    assert sorted(document(s3, "profiles.manifest")[1:]) == sorted([listed, counts])
    assert document(s3, "profiles.manifest")[0] == prefix
    assert document(s3, "ground-truth.manifest") == [prefix, label]
    assert document(s3, "verdicts.manifest") == [prefix, verdict]
    assert document(s3, "listing.json") == {
        "start": "2026-03-09T12:00:00+00:00",
        "end": "2026-03-09T13:00:00+00:00",
        "older": False,
        "folder": "capture",
        "ground_truth": "ground-truth",
        "hours": [
            {
                "profile": hour.profile,
                "hour": hour.start.isoformat() if hour.start else None,
                "files": [file.name for file in hour.files],
            }
            for hour in hours
        ],
    }


def test_all_files_of_the_windows_own_profiles_are_listed(s3: Any) -> None:
    capture(s3, NOON)
    [hour] = find_hours(s3, CAPTURES, EVERYTHING, "manner")
    keys = profile(s3, hour)
    assert answer(s3, REQUEST)["hours_read_before"] == 1
    assert sorted(document(s3, "profiles.manifest")[1:]) == sorted(keys)
    assert answer(s3, replace(REQUEST, span=Span(NOON + DAY, NOON + DAY + HOUR)))["selected_files"] == 0


def test_other_jobs_read_what_is_new(s3: Any) -> None:
    before = [capture(s3, NOON - back * DAY, body="x" * back) for back in (1, 2, 3)]
    own = capture(s3, NOON, body="four")
    found = answer(s3, replace(REQUEST, shares=2))
    assert (found["selected_files"], found["selected_bytes"]) == (1, 4)
    prefix = {"prefix": f"s3://{BUCKET}/"}
    assert document(s3, "captures.manifest") == [prefix, own]
    assert document(s3, "share-1.manifest") == [prefix, own, before[0]]
    assert document(s3, "share-2.manifest") == [prefix, before[2], before[1]]
    with pytest.raises(s3.exceptions.NoSuchKey):
        document(s3, "share-3.manifest")
    answer(s3, replace(REQUEST, place=Folder(BUCKET, "reports/alone")))
    listed = s3.list_objects_v2(Bucket=BUCKET, Prefix="reports/alone/")["Contents"]
    assert [each["Key"].rpartition("/")[2] for each in listed] == [
        "captures.manifest",
        "ground-truth.manifest",
        "listing.json",
        "profiles.manifest",
        "verdicts.manifest",
    ]


def test_nothing_is_a_file_beside_the_profiles(s3: Any) -> None:
    request = replace(REQUEST, span=EVERYTHING, captures=Folder(BUCKET, "none"), profiles=Folder("others", "profiles"))
    s3.create_bucket(Bucket="others", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert set(answer(s3, request).values()) == {0}
    nothing = [{"prefix": "s3://others/"}, "profiles/README.txt"]
    assert document(s3, "captures.manifest") == document(s3, "profiles.manifest") == nothing
    assert document(s3, "ground-truth.manifest") == document(s3, "verdicts.manifest") == nothing
    places = {"folder": "none", "ground_truth": "ground-truth"}
    assert document(s3, "listing.json") == {"start": None, "end": None, "older": False, **places, "hours": []}


def test_days_are_found_the_newest_first_and_not_listed(s3: Any) -> None:
    for time, name in ((NOON, "a"), (NOON - DAY, "a"), (NOON - HOUR, "b")):
        capture(s3, time, name)
    put(s3, "capture/Other/2026/03/09/12/a.jsonl")
    put(s3, "capture/a.jsonl")
    found = find_days(s3, CAPTURES)
    assert [day for day, _ in found] == [NOON.replace(hour=0)] * 2 + [NOON.replace(hour=0) - DAY]
    assert {folder.key for _, folder in found} == {
        "capture/AllTraffic/2026/03/09",
        "capture/AllTraffic/2026/03/08",
        "capture/Other/2026/03/09",
    }


def test_the_last_24_hours_with_captures_end_with_the_last_hour_of_all_folders(s3: Any) -> None:
    assert find_recent(s3, CAPTURES) == Window(EVERYTHING)
    put(s3, "capture/a.jsonl")
    assert find_recent(s3, CAPTURES) == Window(EVERYTHING)
    capture(s3, NOON - 3 * HOUR)
    put(s3, "capture/Other/2026/03/09/12/a.jsonl")
    put(s3, "capture/AllTraffic/2026/03/10/12/notes.txt")
    span = Span(NOON - DAY, NOON + HOUR)  # and an hour more, for the last records may be of the hour before
    assert find_recent(s3, CAPTURES) == Window(span)
    capture(s3, NOON - 14 * DAY)
    assert find_recent(s3, CAPTURES) == Window(span)
    capture(s3, NOON - 15 * DAY)  # the day in which the two weeks before it begin
    assert find_recent(s3, CAPTURES) == Window(span, older=True)


def test_only_the_last_day_with_captures_is_listed(s3: Any) -> None:
    midnight = NOON.replace(hour=0)
    put(s3, f"capture/AllTraffic/{midnight:%Y/%m/%d}/copied/{midnight:%Y/%m/%d/%H}/a.jsonl")
    capture(s3, midnight - 15 * DAY)
    asked: list[str] = []
    s3.meta.events.register(
        "provide-client-params.s3.ListObjectsV2", lambda params, **_: asked.append(params["Prefix"])
    )
    # The two weeks before it begin with the midnight of the other day, so that nothing is older.
    assert find_recent(s3, CAPTURES) == Window(Span(midnight - DAY, midnight + HOUR))
    assert [prefix for prefix in asked if prefix.count("/") > 4] == [f"capture/AllTraffic/{midnight:%Y/%m/%d}/"]


def test_recent_is_what_the_captures_say(s3: Any) -> None:
    capture(s3, NOON - 30 * DAY)
    capture(s3, NOON)
    found = answer(s3, replace(REQUEST, span=EVERYTHING))
    assert (found["hours"], found["selected_files"]) == (1, 1)
    assert document(s3, "listing.json")["older"] is True


def test_ground_truth_of_the_hour_before_and_of_any_time_since(s3: Any) -> None:
    times = [NOON - 2 * HOUR, NOON - HOUR, NOON, NOON + 30 * DAY]
    keys = [put(s3, f"ground-truth/{time:%Y/%m/%d/%H}/a.jsonl") for time in times]
    stray = put(s3, "ground-truth/b.jsonl")
    put(s3, "ground-truth/README.txt")
    assert sorted(find_ground_truth(s3, TRUTH, REQUEST.span)) == sorted([*keys[1:], stray])
    assert sorted(find_ground_truth(s3, TRUTH, EVERYTHING)) == sorted([*keys, stray])


def test_verdicts_of_twelve_months_and_the_day_before_them(s3: Any) -> None:
    starts = ("20250227T000000", "20250228T000000", "20250301T000000", "20260308T000000")
    keys = [put(s3, f"verdicts/{start}-later/verdict.json") for start in starts]
    put(s3, "verdicts/20260308T000000-later/notes.txt")
    put(s3, "verdicts-of-others/20260308T000000-later/verdict.json")
    put(s3, "w/verdict.json")
    put(s3, "verdicts/README.txt")
    assert find_verdicts(s3, VERDICTS, NOON) == keys[1:]
