"""Selects what a window needs, and writes it as lists that SageMaker downloads by."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from botocore.client import BaseClient

from lambdas.select_captures.captures import Hour, find_hours
from lambdas.select_captures.ground_truth import find_ground_truth
from lambdas.select_captures.profiles import find_profiles
from lambdas.select_captures.recent import Window, find_recent
from lambdas.select_captures.request import Folder, Request
from lambdas.select_captures.shares import dealt, size_of
from lambdas.select_captures.verdicts import find_verdicts
from windows.profiles import COUNTS, LIST
from windows.spans import EVERYTHING, reach

NOTHING = "README.txt"  # lies beside the profiles; SageMaker refuses an input without objects


def answer(s3: BaseClient, request: Request) -> dict[str, int]:
    """Writes the lists, and returns how much they name.

    The window's own captures are always needed, because the report shows photos. Of the two weeks before it, the hours
    are read that have no profile yet, also those that got a file since; by other jobs, if there are several shares.
    """
    window = find_recent(s3, request.captures) if request.span == EVERYTHING else Window(request.span)
    hours = find_hours(s3, request.captures, reach(window.span), request.manner)
    profiles = find_profiles(s3, request.profiles, hours)
    new = [hour for hour in hours if hour.profile not in profiles]
    own = [hour for hour in hours if hour.touches(window.span) or (hour in new and request.shares == 1)]
    shares = dealt(new, request.shares) if request.shares > 1 else []
    truth = find_ground_truth(s3, request.ground_truth, window.span)
    verdicts = find_verdicts(s3, request.verdicts, request.now)
    lists = {
        "listing.json": _listing(request, window, hours),
        "captures.manifest": _captures(request, own),
        **{f"share-{number}.manifest": _captures(request, share) for number, share in enumerate(shares, 1)},
        "profiles.manifest": _manifest(request, request.profiles, _kept(window, hours, profiles)),
        "ground-truth.manifest": _manifest(request, request.ground_truth, truth),
        "verdicts.manifest": _manifest(request, request.verdicts, verdicts),
    }
    for name, document in lists.items():
        s3.put_object(Bucket=request.place.bucket, Key=request.place.inside(name), Body=json.dumps(document).encode())
    found = {"hours": len(hours), "hours_read_before": len(profiles), "files": sum(len(hour.files) for hour in hours)}
    chosen = {"selected_files": sum(len(hour.files) for hour in own), "selected_bytes": sum(map(size_of, own))}
    return {**found, **chosen, "ground_truth_files": len(truth), "verdicts": len(verdicts)}


def _captures(request: Request, hours: Iterable[Hour]) -> list[Any]:
    """The manifest of the files of hours."""
    keys = [request.captures.inside(file.name) for hour in hours for file in hour.files]
    return _manifest(request, request.captures, keys)


def _listing(request: Request, window: Window, hours: Iterable[Hour]) -> dict[str, Any]:
    """What the job has to know: the window, all captures that it needs or has needed, and where things are."""
    start, end = (time and time.isoformat() for time in (request.span.start, request.span.end))
    listed = [
        {
            "profile": hour.profile,
            "hour": hour.start and hour.start.isoformat(),
            "files": [file.name for file in hour.files],
        }
        for hour in hours
    ]
    places = {"folder": request.captures.key, "ground_truth": request.ground_truth.key}
    return {"start": start, "end": end, "older": window.older, **places, "hours": listed}


def _kept(window: Window, hours: Iterable[Hour], profiles: Mapping[str, Sequence[str]]) -> list[str]:
    """The keys of profiles: all files of hours in the window, of the others those that count."""
    whole = {hour.profile for hour in hours if hour.touches(window.span)}
    known = ((name, key) for name, keys in profiles.items() for key in keys)
    return [key for name, key in known if name in whole or key.endswith((f"{name}{LIST}", COUNTS))]


def _manifest(request: Request, folder: Folder, keys: Sequence[str]) -> list[Any]:
    """A manifest of objects below a folder. With the bucket as prefix, SageMaker keeps their whole keys in names."""
    if not keys:
        return [{"prefix": f"s3://{request.profiles.bucket}/"}, request.profiles.inside(NOTHING)]
    return [{"prefix": f"s3://{folder.bucket}/"}, *keys]
