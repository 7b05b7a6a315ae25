"""Finds the profiles of hours that were read before."""

import re
from collections.abc import Iterator, Mapping, Sequence

from botocore.client import BaseClient

from lambdas.select_captures.captures import Hour
from lambdas.select_captures.request import Folder
from windows.profiles import LIST, PIECE, PREFIX

_NAME = re.compile(rf"{PREFIX}((?:all|\d{{8}}T\d{{2}})-[0-9a-f]{{24}})(.*)")


def find_profiles(s3: BaseClient, folder: Folder, hours: Sequence[Hour]) -> Mapping[str, list[str]]:
    """The keys of the files of each of the hours' profiles, by the profile's name; those of other hours are not listed.

    A profile that was not kept to the end is left out: without its list, or with files of a piece that are missing.
    """
    wanted = {hour.profile for hour in hours}
    found: dict[str, list[str]] = {}
    for key in _keys(s3, folder, wanted):
        name = _NAME.fullmatch(key.rpartition("/")[2])
        if name and name[1] in wanted:
            found.setdefault(name[1], []).append(key)
    return {name: keys for name, keys in found.items() if _is_whole(keys, folder.inside(f"{PREFIX}{name}{LIST}"))}


def _is_whole(keys: Sequence[str], listed: str) -> bool:
    return listed in keys and len({sum(key.endswith(kind) for key in keys) for kind in PIECE}) == 1


def _keys(s3: BaseClient, folder: Folder, names: set[str]) -> Iterator[str]:
    if not names:
        return
    first, last = (folder.inside(f"{PREFIX}{name}") for name in (min(names), max(names)))
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=folder.bucket, Prefix=folder.inside(PREFIX), StartAfter=first
    )
    for key in (each["Key"] for page in pages for each in page.get("Contents", [])):
        if key > f"{last}~":  # which comes after all that follows a profile's name
            return
        yield key
