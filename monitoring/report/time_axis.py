"""A time axis whose labels cannot be misread: each says by itself which moment it is."""

from datetime import UTC, datetime, timedelta

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator
from matplotlib.ticker import FuncFormatter

MOST_LABELS = 5
DAY, MINUTE = 1.0, 1 / 1440
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # from which matplotlib counts days


def label_times(axes: Axes) -> None:
    """Labels the x axis with times of day, dates, or both, whichever its span needs."""
    locator = AutoDateLocator(minticks=2, maxticks=MOST_LABELS)  # type: ignore[no-untyped-call]  # matplotlib has no types here
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: label(moment(value), *axes.get_xlim())))


def moment(days: float) -> datetime:
    """A place on the axis as a time in UTC."""
    return EPOCH + timedelta(days=days)


def label(time: datetime, first: float, last: float) -> str:
    """The label of a moment on an axis from `first` to `last`, in days: never a bare number of hours or seconds."""
    if last - first > 10 * DAY:
        return f"{time:%d %b %Y}"
    if last - first > 3 * DAY and f"{time:%H:%M}" == "00:00":
        return f"{time:%d %b}"
    day = "" if moment(first).date() == moment(last).date() else f"{time:%d %b} "
    return day + (f"{time:%H:%M}" if last - first > 10 * MINUTE else seconds(time))


def seconds(time: datetime) -> str:
    """The time of day to the second, or to a hundredth where it is none; matplotlib's ticks are microseconds off."""
    time += timedelta(milliseconds=5)
    text = f"{time:%H:%M:%S.%f}"[:-4]
    return text.removesuffix(".00")
