"""Folders of captures: data capture lays an hour's files down below `yyyy/mm/dd/hh`, at any depth."""

import re
from datetime import UTC, datetime, timedelta

from windows.spans import LENGTHS, Span

LATE = timedelta(hours=1)  # a record may lie in the folder of the hour after it
_DAY = re.compile(r"(?:^|/)(\d{4}/\d{2}/\d{2})$")
_HOUR = re.compile(r"(?:^|/)(\d{4}/\d{2}/\d{2}/\d{2})$")


def day_of(folder: str) -> datetime | None:
    """The day (UTC) that a folder is of, by its name; None if it is of none."""
    return _time(_DAY, folder, "%Y/%m/%d")


def hour_of(folder: str) -> datetime | None:
    """The hour (UTC) that a folder is of, by its name; None if it is of none."""
    return _time(_HOUR, folder, "%Y/%m/%d/%H")


def may_hold(folder: str, span: Span) -> bool:
    """Whether records of a span of time can lie in a folder, or below it."""
    day, hour = day_of(folder), hour_of(folder)
    return (day is None or holds(day, "day", span)) and (hour is None or holds(hour, "hour", span))


def holds(start: datetime, unit: str, span: Span) -> bool:
    """Whether records of a span of time can lie in the folder of an hour or day; `unit` is a key of `LENGTHS`."""
    return span.touches(start - LATE, start + LENGTHS[unit])


def _time(pattern: re.Pattern[str], name: str, form: str) -> datetime | None:
    found = pattern.search(name)
    try:
        return datetime.strptime(found[1], form).replace(tzinfo=UTC) if found else None
    except ValueError:  # the 32nd of a month
        return None
