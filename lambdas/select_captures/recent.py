"""Finds the window `recent`: the last 24 hours that have captures."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from botocore.client import BaseClient

from lambdas.select_captures.files import find_days, find_files
from lambdas.select_captures.request import Folder
from windows.folders import LATE, hour_of
from windows.spans import EVERYTHING, LENGTHS, Span, reach


@dataclass(frozen=True)
class Window:
    """A span of time in which the window lies; all time, if it is that of all captures.

    `older` says whether there are captures of days before those that it is compared with.
    """

    span: Span
    older: bool = False


def find_recent(s3: BaseClient, folder: Folder) -> Window:
    """The window of the captures in a folder; it is that of all of them if none is in the folder of an hour.

    Of the days, only the last one that has captures is listed.
    """
    days = find_days(s3, folder)
    for _, same in groupby(days, key=lambda each: each[0]):
        hours = [hour for _, day in same for hour in _hours(s3, day)]
        if hours:
            end = max(hours) + LENGTHS["hour"]
            span = Span(end - LENGTHS["day"] - LATE, end)
            start = reach(span).start
            return Window(span, any(start is not None and day < start for day, _ in days))
    return Window(EVERYTHING)


def _hours(s3: BaseClient, day: Folder) -> list[datetime]:
    """The hours of a day that have captures."""
    found = (hour_of(day.inside(file.name).rpartition("/")[0]) for file in find_files(s3, day, EVERYTHING))
    return [hour for hour in found if hour]
