"""What is asked for, and what an event lacks."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from lambdas.select_captures.request import Folder, Request
from lambdas.shared.errors import InvalidRequest
from windows.spans import EVERYTHING, Span

EVENT = {
    "window": "hour",
    "now": "2026-03-10T02:30:00+01:00",
    "captures_uri": "s3://photos/capture/vehicles/",
    "profiles_uri": "s3://more/profiles",
    "ground_truth_uri": "s3://photos/ground-truth",
    "verdicts_uri": "s3://photos/verdicts/",
    "place": "s3://photos/reports/one",
    "manner": "two classes",
    "shares": 4,
}


def test_an_event_becomes_a_request() -> None:
    assert Request.parse(EVENT) == Request(
        Span(datetime(2026, 3, 10, 0, tzinfo=UTC), datetime(2026, 3, 10, 1, tzinfo=UTC)),
        datetime(2026, 3, 10, 1, 30, tzinfo=UTC),
        Folder("photos", "capture/vehicles"),
        Folder("more", "profiles"),
        Folder("photos", "ground-truth"),
        Folder("photos", "verdicts"),
        Folder("photos", "reports/one"),
        "two classes",
        4,
    )
    assert Request.parse({**EVENT, "window": "recent", "shares": 1}).span == EVERYTHING


def test_names_of_folders_lose_slashes_at_their_end_and_nothing_else() -> None:
    found = Request.parse({**EVENT, "captures_uri": "s3://photos/BOX//", "place": "s3://photos/X"})
    assert (found.captures, found.place) == (Folder("photos", "BOX"), Folder("photos", "X"))


@pytest.fixture
def in_tokyo() -> Iterator[None]:
    """The machine's zone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "JST-9")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
def test_now_is_in_utc() -> None:
    now = Request.parse({**EVENT, "now": "2026-03-10T03:30:00+02:00"}).now
    assert now.isoformat() == "2026-03-10T01:30:00+00:00"


def test_a_folder_has_an_address_and_objects() -> None:
    folder = Folder("photos", "capture")
    assert (folder.uri, folder.inside("a/b")) == ("s3://photos/capture", "capture/a/b")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"window": "week"}, "'window' must be one of recent, hour, day"),
        ({"window": ""}, "'window' must be a non-empty string"),
        ({"now": ""}, "'now' must be a non-empty string"),
        ({"now": "yesterday"}, "'now' must be a time in ISO 8601"),
        ({"now": "2026-03-10T01:30:00"}, "'now' must have a zone"),
        ({"captures_uri": "http://bucket/folder"}, "'captures_uri' must be s3://<bucket>/<folder>"),
        ({"captures_uri": "s3:///folder"}, "'captures_uri' must be s3://<bucket>/<folder>"),
        ({"profiles_uri": "s3://bucket///"}, "'profiles_uri' must be s3://<bucket>/<folder>"),
        ({"ground_truth_uri": "labels"}, "'ground_truth_uri' must be s3://<bucket>/<folder>"),
        ({"verdicts_uri": "s3://bucket/"}, "'verdicts_uri' must be s3://<bucket>/<folder>"),
        ({"place": "s3://bucket"}, "'place' must be s3://<bucket>/<folder>"),
        ({"shares": 0}, "'shares' must be a whole number from 1, got 0"),
        ({"shares": True}, "'shares' must be a whole number from 1, got True"),
        ({"shares": 1.5}, "'shares' must be a whole number from 1, got 1.5"),
        ({"manner": ""}, "'manner' must be a non-empty string"),
    ],
)
def test_what_is_wrong_is_named(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        Request.parse({**EVENT, **wrong})
