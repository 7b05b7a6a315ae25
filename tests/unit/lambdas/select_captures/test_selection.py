"""What a window needs, as the lists say it, against moto's S3."""

import json
from dataclasses import replace
from typing import Any

import pytest
from unit.lambdas.conftest import BUCKET
from unit.lambdas.select_captures.folders import (
    CAPTURES,
    DAY,
    HOUR,
    NOON,
    REQUEST,
    TRUTH,
    VERDICTS,
    capture,
    profile,
    put,
)

from lambdas.select_captures.captures import find_hours
from lambdas.select_captures.ground_truth import find_ground_truth
from lambdas.select_captures.request import Folder
from lambdas.select_captures.service import answer
from lambdas.select_captures.verdicts import find_verdicts
from windows.spans import EVERYTHING, Span


def document(s3: Any, name: str) -> Any:
    return json.loads(s3.get_object(Bucket=BUCKET, Key=f"reports/one/{name}")["Body"].read())


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
