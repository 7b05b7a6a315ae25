"""The report's charts as SVG data URIs, each drawn for a light and for a dark page."""

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter

from jobs.figures import styled
from jobs.pages import data_uri
from jobs.palette import DARK, LIGHT, Palette
from monitoring.profiles.profile import Tallies
from monitoring.report.time_axis import label_times
from monitoring.statistics.overview import DECISIONS
from monitoring.summaries.numbers import Numbers
from monitoring.summaries.timeline import Timeline

BINS = 25
MOST_BARS = 30  # classes that a chart shows, the most frequent ones where there are more
Draw = Callable[[Axes, dict[str, str]], None]


@dataclass(frozen=True)
class Chart:
    """A chart as two data URIs, and what it shows in words."""

    light: str
    dark: str
    alt: str


def volume_chart(timeline: Timeline) -> Chart:
    """Photos over time, by decision."""
    slots = [(each, slot, count) for each, counts in timeline.counts.items() for slot, count in sorted(counts.items())]
    data = _labelled(slots, "time")
    data["time"] = pd.to_datetime(data["time"], unit="s")

    def draw(axes: Axes, colours: dict[str, str]) -> None:
        # With one moment only there is no span to divide.
        bins: Any = 30 if data["time"].nunique() > 1 else 1
        sns.histplot(data=data, x="time", weights="photos", bins=bins, ax=axes, **_stacked(colours))
        axes.set(xlabel="time (UTC)", ylabel="photos")
        label_times(axes)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))

    return _chart(data, draw, "Histogram of the photos over time, by decision")


def class_chart(photos: Tallies, classes: list[str]) -> Chart:
    """Photos of each predicted class, by decision; a class that was never predicted has an empty place."""
    rows = [(decision, name, count) for name, tally in photos.items() for decision, count in tally.items()]
    data = _labelled(rows, "predicted")
    if len(classes) > MOST_BARS:
        classes = data.groupby("predicted")["photos"].sum().nlargest(MOST_BARS).index.tolist()

    def draw(axes: Axes, colours: dict[str, str]) -> None:
        # Not seaborn: its histograms leave out a class without photos.
        table = data.pivot_table("photos", "predicted", "decision", "sum", fill_value=0).reindex(classes, fill_value=0)
        table[list(colours)].plot.barh(stacked=True, color=list(colours.values()), width=0.7, ax=axes)
        axes.invert_yaxis()
        axes.set(xlabel="photos", ylabel="")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))

    return _chart(data, draw, "Bars of the photos of each predicted class, by decision")


def confidence_chart(photos: Mapping[str, Numbers], thresholds: tuple[float, ...]) -> Chart:
    """The distribution of confidence up to certainty by decision, and the thresholds of the decisions."""
    least = min(numbers.least for numbers in photos.values() if numbers.least is not None)
    lowest = min(float(np.floor(least * 10) / 10), 0.9)
    edges = np.linspace(lowest, 1, BINS + 1)
    rows = [
        (decision, middle, count)
        for decision, numbers in photos.items()
        for middle, count in zip(
            (edges[1:] + edges[:-1]) / 2, np.diff([*numbers.below(edges[:-1]), numbers.count]), strict=True
        )
    ]
    data = _labelled(rows, "confidence")
    named = ", ".join(f"{threshold:.4g}" for threshold in thresholds)

    def draw(axes: Axes, colours: dict[str, str]) -> None:
        span: Any = (lowest, 1)
        sns.histplot(
            data=data, x="confidence", weights="photos", bins=BINS, binrange=span, ax=axes, **_stacked(colours)
        )
        for threshold in thresholds:
            axes.axvline(threshold, color=mpl.rcParams["text.color"], linestyle="--", linewidth=1.2)
        axes.set(xlabel="confidence", ylabel="photos")
        axes.xaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0, symbol=" %"))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))

    return _chart(data, draw, f"Histogram of the confidence, by decision, with the threshold at {named}")


def _labelled(rows: Iterable[tuple[str, object, float]], name: str) -> pd.DataFrame:
    """Columns for seaborn: the decision in words, the value that it is drawn over, and the number of photos."""
    found = pd.DataFrame(rows, columns=["decision", name, "photos"])
    return found.assign(decision=found["decision"].map(DECISIONS).astype(object))


def _stacked(colours: dict[str, str]) -> dict[str, Any]:
    """What the histograms have in common; seaborn puts the last of the order at the bottom."""
    order = list(colours)[::-1]
    common = {"multiple": "stack", "alpha": 1, "linewidth": 0, "legend": False}
    return {"hue": "decision", "hue_order": order, "palette": colours, **common}


def _chart(data: pd.DataFrame, draw: Draw, alt: str) -> Chart:
    """The drawing for both schemes; a legend names the decisions that occur."""
    occur = set(data["decision"])

    def drawn(palette: Palette) -> str:
        named = zip(DECISIONS.values(), palette.series, strict=True)
        return _svg(draw, {name: colour for name, colour in named if name in occur}, palette)

    return Chart(drawn(LIGHT), drawn(DARK), alt)


def _svg(draw: Draw, colours: dict[str, str], palette: Palette) -> str:
    """A drawing with a legend as an SVG data URI; the same drawing gives the same bytes."""
    with styled(palette):
        figure = Figure(figsize=(4.4, 2.6), layout="constrained")
        axes = figure.add_subplot()
        draw(axes, colours)
        _legend(axes, colours)
        return saved(figure)


def saved(figure: Figure) -> str:
    """A figure as an SVG data URI, without its date; to be called where it was drawn, in the same style."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return data_uri(buffer.getvalue(), "image/svg+xml")


def _legend(axes: Axes, colours: dict[str, str]) -> None:
    """The legend above the drawing, out of the bars' way."""
    patches = [Patch(color=colour, label=name) for name, colour in colours.items()]
    axes.legend(handles=patches, loc="lower left", bbox_to_anchor=(-0.01, 1), ncols=2, frameon=False, handlelength=1)
