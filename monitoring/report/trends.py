"""The trend lines of the index: accuracy, share for review, confidence and volume, a point a window."""

import math
from collections.abc import Callable, Sequence
from datetime import timedelta

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from jobs.palette import LIGHT
from monitoring.report.chart import Chart, chart
from monitoring.report.time_axis import EPOCH, label_times
from monitoring.report.windows import Entry, Share

HEIGHT = 2.2  # inches
Draw = Callable[[Axes, Sequence[Entry]], None]


def trend_charts(entries: Sequence[Entry]) -> dict[str, Chart]:
    """The charts for which there is data, by their headings."""
    drawn: dict[str, tuple[Draw, str]] = {
        "Accuracy": (_accuracy, "right answers"),
        "For review": (_review, "share of photos"),
        "Confidence": (_confidence, "median"),
        "Volume": (_volume, "photos"),
    }
    return {name: _trend(*drawn[name], entries, f"{name} of each window") for name in known_trends(entries)}


def known_trends(entries: Sequence[Entry]) -> list[str]:
    """The headings of the charts for which there is data."""
    told = [entry.told for entry in entries]
    known = {
        "Accuracy": any(each.measured or each.accuracy.estimated for each in told),
        "For review": any(each.numbers.review_share is not None for each in told),
        "Confidence": any(each.numbers.median_confidence is not None for each in told),
        "Volume": bool(told),
    }
    return [name for name, found in known.items() if found]


def _trend(draw: Draw, label: str, entries: Sequence[Entry], alt: str) -> Chart:
    def drawn(axes: Axes) -> None:
        draw(axes, entries)
        axes.set(xlabel="end of window (UTC)", ylabel=label)
        label_times(axes)

    return chart(drawn, HEIGHT, alt)


def _accuracy(axes: Axes, entries: Sequence[Entry]) -> None:
    measured = [entry.told.measured for entry in entries]
    estimated = [entry.told.accuracy.estimated for entry in entries]
    for shares, name, colour, marker in (
        (estimated, "estimated", LIGHT.series[2], "D"),
        (measured, "measured", LIGHT.series[0], "o"),
    ):
        if any(shares):
            _band(axes, entries, shares, colour)
            _line(axes, entries, [each.share if each else None for each in shares], colour, marker, name)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=2, frameon=False)
    _percents(axes)


def _band(axes: Axes, entries: Sequence[Entry], shares: Sequence[Share | None], colour: str) -> None:
    for entry, share in zip(entries, shares, strict=True):
        if share is not None:
            axes.vlines(_days(entry), share.low, share.high, color=colour, alpha=0.4, linewidth=3)


def _review(axes: Axes, entries: Sequence[Entry]) -> None:
    _line(axes, entries, [entry.told.numbers.review_share for entry in entries], LIGHT.series[1])
    axes.set_ylim(bottom=0)
    _percents(axes)


def _confidence(axes: Axes, entries: Sequence[Entry]) -> None:
    _line(axes, entries, [entry.told.numbers.median_confidence for entry in entries], LIGHT.series[2])
    _percents(axes)


def _volume(axes: Axes, entries: Sequence[Entry]) -> None:
    _line(axes, entries, [float(entry.told.records) for entry in entries], LIGHT.series[0])
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))


def _line(
    axes: Axes,
    entries: Sequence[Entry],
    values: Sequence[float | None],
    colour: str,
    marker: str = "o",
    name: str | None = None,
) -> None:
    """A line with a gap where a window has no value."""
    times = [_days(entry) for entry in entries]
    known = [math.nan if value is None else value for value in values]
    axes.plot(times, known, color=colour, marker=marker, markersize=5, linewidth=1.5, label=name)


def _days(entry: Entry) -> float:
    """The end of a window as matplotlib counts time."""
    return (entry.end - EPOCH) / timedelta(days=1)


def _percents(axes: Axes) -> None:
    axes.yaxis.set_major_formatter(PercentFormatter(xmax=1, symbol=" %"))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
