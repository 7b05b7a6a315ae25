"""Selects what a window needs, and writes it as lists that SageMaker downloads by."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from botocore.client import BaseClient

from lambdas.select_captures.captures import Hour, find_hours
from lambdas.select_captures.profiles import COUNTS, LIST, find_profiles
from lambdas.select_captures.request import Folder, Request
from lambdas.select_captures.shares import dealt, size_of
from windows.spans import reach

NOTHING = "README.txt"  # lies beside the profiles; SageMaker refuses an input without objects


def answer(s3: BaseClient, request: Request) -> dict[str, int]:
    """Writes the lists, and returns how much they name.

    The window's own captures are always needed, because the report shows photos. Of the two weeks before it, the hours
    are read that have no profile yet, also those that got a file since; by other jobs, if there are several shares.
    """
    hours = find_hours(s3, request.captures, reach(request.span), request.manner)
    profiles = find_profiles(s3, request.profiles, hours)
    new = [hour for hour in hours if hour.profile not in profiles]
    own = [hour for hour in hours if hour.touches(request.span) or (hour in new and request.shares == 1)]
    _put(s3, request.place, "listing.json", _listing(request, hours))
    _put(s3, request.place, "captures.manifest", _captures(request, own))
    if request.shares > 1:
        for number, share in enumerate(dealt(new, request.shares), 1):
            _put(s3, request.place, f"share-{number}.manifest", _captures(request, share))
    kept = _kept(request, hours, profiles)
    _put(s3, request.place, "profiles.manifest", _manifest(request, request.profiles.bucket, kept))
    found = {"hours": len(hours), "hours_read_before": len(profiles), "files": sum(len(hour.files) for hour in hours)}
    return found | {"selected_files": sum(len(hour.files) for hour in own), "selected_bytes": sum(map(size_of, own))}


def _captures(request: Request, hours: Iterable[Hour]) -> list[Any]:
    """The manifest of the files of hours."""
    keys = [request.captures.inside(file.name) for hour in hours for file in hour.files]
    return _manifest(request, request.captures.bucket, keys)


def _listing(request: Request, hours: Iterable[Hour]) -> dict[str, Any]:
    """What the job has to know: the window, and all captures that it needs or has needed."""
    start, end = (time and time.isoformat() for time in (request.span.start, request.span.end))
    listed = [
        {
            "profile": hour.profile,
            "hour": hour.start and hour.start.isoformat(),
            "files": [file.name for file in hour.files],
        }
        for hour in hours
    ]
    return {"start": start, "end": end, "folder": request.captures.key, "hours": listed}


def _kept(request: Request, hours: Iterable[Hour], profiles: Mapping[str, Sequence[str]]) -> list[str]:
    """The keys of profiles: all files of hours in the window, of the others those that count."""
    whole = {hour.profile for hour in hours if hour.touches(request.span)}
    known = ((name, key) for name, keys in profiles.items() for key in keys)
    return [key for name, key in known if name in whole or key.endswith((f"{name}{LIST}", COUNTS))]


def _manifest(request: Request, bucket: str, keys: Sequence[str]) -> list[Any]:
    """A manifest of objects in a bucket. With the bucket as prefix, SageMaker keeps their whole keys in names."""
    if not keys:
        return [{"prefix": f"s3://{request.profiles.bucket}/"}, request.profiles.inside(NOTHING)]
    return [{"prefix": f"s3://{bucket}/"}, *keys]


def _put(s3: BaseClient, place: Folder, name: str, document: object) -> None:
    s3.put_object(Bucket=place.bucket, Key=place.inside(name), Body=json.dumps(document).encode())
