"""Times of moto, which are in UTC, even those that do not say so. Python takes such for local time."""

from datetime import UTC, datetime


def in_utc(moment: datetime) -> datetime:
    """A time that says that it is in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970 of a time."""
    return int(in_utc(moment).timestamp() * 1000)
