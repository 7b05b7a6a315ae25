"""How far back the page about all windows reaches."""

from datetime import datetime

MONTHS = 12  # that its calendar shows, the newest that have windows


def shown_since(now: datetime) -> datetime:
    """When the first month begins of which the calendar can show something.

    There is one more than it shows: on the first of a month, the window that just ended is of the month before.
    """
    months = now.year * 12 + now.month - 1 - MONTHS
    return now.replace(year=months // 12, month=months % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
