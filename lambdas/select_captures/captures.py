"""Finds the captures of a span of time in S3, by the folders of hours, and names the profile of each hour."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from botocore.client import BaseClient

from lambdas.select_captures.request import Folder
from windows.folders import day_of, holds, hour_of, may_hold
from windows.spans import EVERYTHING, Span


@dataclass(frozen=True, order=True)
class File:
    """A capture file: its name below the folder of captures, what S3 says of its content, and its bytes."""

    name: str
    tag: str
    size: int


@dataclass(frozen=True)
class Hour:
    """The files of an hour, which are read into one profile; of all hours, if a file lies in no hour's folder.

    The profile's name begins with the hour, so that S3 lists profiles in the order of time. The rest changes with the
    names and contents of the files: an hour that gets a file late has another profile.
    """

    start: datetime | None
    profile: str
    files: tuple[File, ...]

    @classmethod
    def of(cls, start: datetime | None, files: Sequence[File], manner: str) -> Self:
        """The hour with these files, read in that manner."""
        found = hashlib.blake2b(manner.encode(), digest_size=12)
        for file in files:
            found.update(f"{file.name}\0{file.tag}\0".encode())
        return cls(start, f"{f'{start:%Y%m%dT%H}' if start else 'all'}-{found.hexdigest()}", tuple(files))

    def touches(self, span: Span) -> bool:
        """Whether records of a span of time can be among its own."""
        return span == EVERYTHING or self.start is None or holds(self.start, "hour", span)


def find_hours(s3: BaseClient, folder: Folder, span: Span, manner: str) -> list[Hour]:
    """The hours that have records of a span of time, in order. Only the folders of its days are listed."""
    hours: dict[datetime | None, list[File]] = {}
    for file in sorted(_files(s3, folder, span)):
        hours.setdefault(hour_of(file.name.rpartition("/")[0]), []).append(file)
    if None in hours:  # records count once among the files that are read together
        return [Hour.of(None, sorted(file for files in hours.values() for file in files), manner)]
    return [Hour.of(start, hours[start], manner) for start in sorted(each for each in hours if each)]


def _files(s3: BaseClient, folder: Folder, span: Span) -> Iterator[File]:
    base = f"{folder.key}/"
    for found in _below(s3, folder.bucket, base, span):
        name = found["Key"].removeprefix(base)
        if name.endswith(".jsonl") and may_hold(name.rpartition("/")[0], span):
            yield File(name, found["ETag"], found["Size"])


def _below(s3: BaseClient, bucket: str, prefix: str, span: Span) -> Iterator[dict[str, Any]]:
    """The objects below a prefix, but for those in folders of other days."""
    whole = day_of(prefix.rstrip("/")) is not None  # a day is listed at once, and not hour by hour
    options = {} if whole else {"Delimiter": "/"}
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, **options):
        yield from page.get("Contents", [])
        for each in page.get("CommonPrefixes", []):
            if may_hold(each["Prefix"].rstrip("/"), span):
                yield from _below(s3, bucket, each["Prefix"], span)
