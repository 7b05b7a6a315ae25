"""The trend lines of the index: accuracy, share for review, confidence and volume, a point a window."""

import math
from collections.abc import Callable, Sequence
from datetime import timedelta

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from jobs.figures import styled
from jobs.palette import DARK, LIGHT, Palette
from monitoring.report.figures import Chart, saved
from monitoring.report.time_axis import EPOCH, label_times
from monitoring.report.windows import Entry, Share

Draw = Callable[[Axes, Sequence[Entry], Palette], None]


def trend_charts(entries: Sequence[Entry]) -> dict[str, Chart]:
    """The charts for which there is data, by their headings."""
    drawn: dict[str, tuple[Draw, str]] = {
        "Accuracy": (_accuracy, "right answers"),
        "For review": (_review, "share of photos"),
        "Confidence": (_confidence, "median"),
        "Volume": (_volume, "photos"),
    }
    return {
        name: Chart(_svg(*drawn[name], entries, LIGHT), _svg(*drawn[name], entries, DARK), f"{name} of each window")
        for name in known_trends(entries)
    }


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


def _svg(draw: Draw, label: str, entries: Sequence[Entry], palette: Palette) -> str:
    with styled(palette):
        figure = Figure(figsize=(4.4, 2.2), layout="constrained")
        axes = figure.add_subplot()
        draw(axes, entries, palette)
        axes.set(xlabel="end of window (UTC)", ylabel=label)
        label_times(axes)
        return saved(figure)


def _accuracy(axes: Axes, entries: Sequence[Entry], palette: Palette) -> None:
    measured = [entry.told.measured for entry in entries]
    estimated = [entry.told.accuracy.estimated for entry in entries]
    for shares, name, colour, marker in (
        (estimated, "estimated", palette.series[2], "D"),
        (measured, "measured", palette.series[0], "o"),
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


def _review(axes: Axes, entries: Sequence[Entry], palette: Palette) -> None:
    _line(axes, entries, [entry.told.numbers.review_share for entry in entries], palette.series[1])
    axes.set_ylim(bottom=0)
    _percents(axes)


def _confidence(axes: Axes, entries: Sequence[Entry], palette: Palette) -> None:
    _line(axes, entries, [entry.told.numbers.median_confidence for entry in entries], palette.series[2])
    _percents(axes)


def _volume(axes: Axes, entries: Sequence[Entry], palette: Palette) -> None:
    _line(axes, entries, [float(entry.told.records) for entry in entries], palette.series[0])
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
