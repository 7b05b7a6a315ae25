"""The report's charts of photos by decision."""

from collections.abc import Iterable, Mapping

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from jobs.palette import LIGHT
from monitoring.profiles.profile import Tallies
from monitoring.report.chart import Chart, chart
from monitoring.report.time_axis import label_times
from monitoring.statistics.overview import DECISIONS
from monitoring.summaries.numbers import Numbers
from monitoring.summaries.timeline import Timeline

HEIGHT = 2.6  # inches
BINS = 25
TIMES = 30  # bins of the volume over time
MOST_BARS = 30  # classes that a chart shows, the most frequent ones where there are more
SECONDS_A_DAY = 86400
COLOURS = dict(zip(DECISIONS, LIGHT.series, strict=True))
Array = NDArray[np.float64]
Bars = dict[str, Array]  # by decision, the photos of each bin or class


def volume_chart(timeline: Timeline) -> Chart:
    """Photos over time, by decision."""
    slots = {decision: np.array(list(counts.items())).T for decision, counts in timeline.counts.items() if counts}
    times = np.concatenate([starts for starts, _ in slots.values()]) / SECONDS_A_DAY
    # With one moment only there is no span to divide.
    edges = np.histogram_bin_edges(times, TIMES if len(np.unique(times)) > 1 else 1)
    bars = {
        decision: np.histogram(starts / SECONDS_A_DAY, edges, weights=counts)[0]
        for decision, (starts, counts) in slots.items()
    }

    def draw(axes: Axes) -> None:
        _histogram(axes, bars, edges)
        axes.set(xlabel="time (UTC)", ylabel="photos")
        label_times(axes)

    return chart(draw, HEIGHT, "Histogram of the photos over time, by decision")


def class_chart(photos: Tallies, classes: list[str]) -> Chart:
    """Photos of each predicted class, by decision; a class that was never predicted has an empty place."""
    if len(classes) > MOST_BARS:
        classes = sorted(photos, key=lambda name: (-sum(photos[name].values()), name))[:MOST_BARS]
    decisions = {decision for tally in photos.values() for decision in tally}
    bars = {each: np.array([float(photos.get(name, {}).get(each, 0)) for name in classes]) for each in decisions}

    def draw(axes: Axes) -> None:
        places = range(len(classes))
        for decision, left, right in stacked(bars):
            axes.barh(places, right - left, left=left, height=0.7, color=COLOURS[decision])
        axes.set_yticks(places, classes)
        axes.invert_yaxis()
        axes.set(xlabel="photos", ylabel="")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        _legend(axes, bars)

    return chart(draw, HEIGHT, "Bars of the photos of each predicted class, by decision")


def confidence_chart(photos: Mapping[str, Numbers], thresholds: tuple[float, ...]) -> Chart:
    """The distribution of confidence up to certainty by decision, and the thresholds of the decisions."""
    least = min(numbers.least for numbers in photos.values() if numbers.least is not None)
    edges = np.linspace(min(float(np.floor(least * 10) / 10), 0.9), 1, BINS + 1)
    bars = {name: np.diff([*numbers.below(edges[:-1]), numbers.count]) for name, numbers in photos.items()}

    def draw(axes: Axes) -> None:
        _histogram(axes, bars, edges)
        for threshold in thresholds:
            axes.axvline(threshold, color=mpl.rcParams["text.color"], linestyle="--", linewidth=1.2)
        axes.set(xlabel="confidence", ylabel="photos")
        axes.xaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0, symbol=" %"))

    named = ", ".join(f"{threshold:.4g}" for threshold in thresholds)
    return chart(draw, HEIGHT, f"Histogram of the confidence, by decision, with the threshold at {named}")


def _histogram(axes: Axes, bars: Bars, edges: Array) -> None:
    """Stacked bars between the edges; a legend names the decisions that occur."""
    middles = (edges[1:] + edges[:-1]) / 2
    order = [decision for decision in DECISIONS if decision in bars][::-1]  # seaborn puts the last one at the bottom
    data = pd.concat([pd.DataFrame({"at": middles, "photos": bars[each], "decision": each}) for each in order])
    sns.histplot(
        data, x="at", weights="photos", hue="decision", hue_order=order, palette=COLOURS, bins=list(edges),
        multiple="stack", element="step", linewidth=0, alpha=1, legend=False, ax=axes,
    )  # fmt: skip
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    _legend(axes, bars)


def stacked(bars: Bars) -> Iterable[tuple[str, Array, Array]]:
    """Each decision with where its bars begin and end: the first one of `DECISIONS` at the bottom."""
    end: Array = np.zeros(len(next(iter(bars.values()))))
    for decision in filter(bars.__contains__, DECISIONS):
        start, end = end, end + bars[decision]
        yield decision, start, end


def _legend(axes: Axes, bars: Bars) -> None:
    """The legend above the drawing, out of the bars' way."""
    patches = [Patch(color=COLOURS[each], label=name) for each, name in DECISIONS.items() if each in bars]
    axes.legend(handles=patches, loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=2, frameon=False, handlelength=1)
