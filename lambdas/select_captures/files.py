"""Lists files in S3 by the folders of hours that they lie in, so that those of other days are not even listed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.client import BaseClient

from lambdas.select_captures.request import Folder
from windows.folders import day_of, may_hold
from windows.spans import Span


@dataclass(frozen=True, order=True)
class File:
    """A file `*.jsonl`: its name below a folder, what S3 says of its content, and its bytes."""

    name: str
    tag: str
    size: int


def find_files(s3: BaseClient, folder: Folder, span: Span) -> list[File]:
    """The files that can have records of a span of time, in the order of their names."""
    base = f"{folder.key}/"
    objects = _objects(s3, folder.bucket, base, span)
    found = (File(each["Key"].removeprefix(base), each["ETag"], each["Size"]) for each in objects)
    files = (file for file in found if file.name.endswith(".jsonl"))
    return sorted(file for file in files if may_hold(file.name.rpartition("/")[0], span))


def find_days(s3: BaseClient, folder: Folder) -> list[tuple[datetime, Folder]]:
    """The days that have a folder, with their folders, the newest day first. What is in them is not listed."""
    found = _days(s3, folder.bucket, f"{folder.key}/")
    days = [(day, Folder(folder.bucket, prefix.rstrip("/"))) for day, prefix in found]
    return sorted(days, key=lambda each: each[0], reverse=True)


def _objects(s3: BaseClient, bucket: str, prefix: str, span: Span) -> Iterator[dict[str, Any]]:
    """The objects below a prefix, but for those in folders of other days."""
    whole = day_of(prefix.rstrip("/")) is not None  # a day is listed at once, and not hour by hour
    for page in _pages(s3, bucket, prefix, whole=whole):
        yield from page.get("Contents", [])
        for each in page.get("CommonPrefixes", []):
            if may_hold(each["Prefix"].rstrip("/"), span):
                yield from _objects(s3, bucket, each["Prefix"], span)


def _days(s3: BaseClient, bucket: str, prefix: str) -> Iterator[tuple[datetime, str]]:
    if day := day_of(prefix.rstrip("/")):
        yield day, prefix
        return
    for page in _pages(s3, bucket, prefix, whole=False):
        for each in page.get("CommonPrefixes", []):
            yield from _days(s3, bucket, each["Prefix"])


def _pages(s3: BaseClient, bucket: str, prefix: str, *, whole: bool) -> Iterator[dict[str, Any]]:
    """What is below a prefix, at any depth or, unless it is wanted whole, only the objects and folders right there."""
    options = {} if whole else {"Delimiter": "/"}
    pages: Iterator[dict[str, Any]] = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=prefix, **options
    )
    return pages
