"""The last 24 hours with captures, found without listing older days."""

from typing import Any

from unit.lambdas.select_captures.folders import CAPTURES, DAY, HOUR, NOON, capture, put

from lambdas.select_captures.files import find_days
from lambdas.select_captures.recent import Window, find_recent
from windows.spans import EVERYTHING, Span


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
