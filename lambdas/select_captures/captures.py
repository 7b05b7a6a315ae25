"""Finds the captures of a span of time in S3, and names the profile of each hour."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from botocore.client import BaseClient

from lambdas.select_captures.files import File, find_files
from lambdas.select_captures.request import Folder
from windows.folders import holds, hour_of
from windows.spans import EVERYTHING, Span


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
    for file in find_files(s3, folder, span):
        hours.setdefault(hour_of(file.name.rpartition("/")[0]), []).append(file)
    if None in hours:  # records count once among the files that are read together
        return [Hour.of(None, sorted(file for files in hours.values() for file in files), manner)]
    return [Hour.of(start, hours[start], manner) for start in sorted(each for each in hours if each)]
