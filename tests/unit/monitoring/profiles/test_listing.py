"""What `select-captures` lists, as the job reads it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitoring.captures.payloads import Defaults
from monitoring.errors import InvalidOptionsError
from monitoring.options import parse_options
from monitoring.profiles.groups import Group
from monitoring.profiles.listing import Listing, read_listing
from monitoring.profiles.shelf import fill_listed
from monitoring.profiles.store import Store
from windows.spans import EVERYTHING, Span

TEN = datetime(2026, 3, 1, 10, tzinfo=UTC)
NAME = "AllTraffic/2026/03/01/10/a.jsonl"
DOCUMENT = {
    "start": "2026-03-01T00:00:00+00:00",
    "end": "2026-03-02T00:00:00+00:00",
    "older": True,
    "folder": "capture/vehicles",
    "ground_truth": "ground-truth",
    "hours": [{"profile": "20260301T10-0a", "hour": TEN.isoformat(), "files": [NAME]}],
}


def test_a_listing_says_the_window_and_the_files_of_each_hour(tmp_path: Path) -> None:
    (tmp_path / "listing.json").write_text(json.dumps(DOCUMENT))
    found = read_listing(tmp_path / "listing.json")
    start = TEN.replace(hour=0)
    groups = {Group(TEN, (NAME,)): "20260301T10-0a"}
    span = Span(start, start + timedelta(days=1))
    assert found == Listing(span, "capture/vehicles", groups, "ground-truth", older=True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file"),
        ("broken", "is none of select-captures: the file: Invalid JSON"),
        (json.dumps({**DOCUMENT, "hours": [{"profile": "x", "hour": None}]}), "hours.0.files: Field required"),
    ],
)
def test_what_is_no_listing_is_named(content: str | None, message: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "listing.json").write_text(content)
    with pytest.raises(InvalidOptionsError, match=f"--listing: '{tmp_path}/listing.json' .*{message}"):
        read_listing(tmp_path / "listing.json")


def test_a_listing_excludes_a_window(tmp_path: Path) -> None:
    with pytest.raises(InvalidOptionsError, match="--listing: excludes --window, --from and --to"):
        parse_options(
            ["--captures", "a", "--output", "b", "--classes", "a,b", "--listing", "c", "--window", "day"],
        )


def test_captures_without_files_and_without_a_profile_are_named_and_nothing_is_kept(
    record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    """The job got no files of an hour, because its profile is there, but that is damaged."""
    write_lines(tmp_path / "captures" / "vehicles" / NAME, record(1, [0.97, 0.03]))
    later = Group(TEN + timedelta(hours=1), (NAME.replace("/10/", "/11/"),))
    listing = Listing(EVERYTHING, "vehicles", {Group(TEN, (NAME,)): "here", later: "lost"}, older=True)
    known = tmp_path / "known"
    known.mkdir()
    (known / "profile-lost.json.gz").write_bytes(b"damaged")
    store = Store(tmp_path / "new", known)
    found = fill_listed(tmp_path / "captures", Defaults(("bicycle", "motorcycle"), 0.93), store, listing)
    counts = found.period(EVERYTHING).profile.counts
    assert (counts.photos, counts.labels[0].names) == (1, ("bicycle", "motorcycle"))  # the answer does not name them
    (problem,) = counts.problems.listed
    assert (problem.file, problem.line) == (later.files[0], 0)
    assert problem.reason.endswith("delete it, so that they are read again: profile-lost.json.gz")
    assert not list((tmp_path / "new").glob("profile-lost*"))
    assert found.older
