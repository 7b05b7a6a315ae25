"""Captures are found by the hour, and a profile is named by what an hour's files hold."""

import hashlib
from typing import Any

import pytest
from unit.lambdas.select_captures.folders import CAPTURES, DAY, HOUR, NOON, REQUEST, capture, put

from lambdas.select_captures import files
from lambdas.select_captures.captures import Hour, find_hours
from lambdas.select_captures.files import File
from windows.spans import EVERYTHING, Span


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
