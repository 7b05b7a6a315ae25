"""The whole function, against moto: what it lists of ninety days of captures, and that the job needs nothing else."""

from pathlib import Path
from typing import Any

import pytest
from unit.lambdas.conftest import BUCKET
from unit.lambdas.select_captures.months import (
    DAY,
    FOLDER,
    HOUR,
    KINDS,
    TODAY,
    analyze_everything,
    capture,
    content,
    download,
    history,
    keys,
    label,
    listed,
    remember,
    run_the_job,
    same,
    select,
)

from monitoring import profile_share


@pytest.fixture
def bucket(s3: Any) -> Any:
    """S3 with what lies beside profiles from the beginning."""
    s3.put_object(Bucket=BUCKET, Key="profiles/README.txt", Body=b"profiles")
    return s3


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
