"""The report's charts as SVG data URIs, each drawn for a light and for a dark page."""

import io
from collections.abc import Callable
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
from monitoring.report.time_axis import label_times
from monitoring.statistics.statistics import DECISIONS

MOST_BARS = 30  # classes that a chart shows, the most frequent ones where there are more
Draw = Callable[[Axes, dict[str, str]], None]


@dataclass(frozen=True)
class Chart:
    """A chart as two data URIs, and what it shows in words."""

    light: str
    dark: str
    alt: str


def volume_chart(photos: pd.DataFrame) -> Chart:
    """Photos over time, by decision."""
    data = _labelled(photos)

    def draw(axes: Axes, colours: dict[str, str]) -> None:
        # With one moment only there is no span to divide.
        bins: Any = 30 if data["time"].nunique() > 1 else 1
        sns.histplot(data=data, x="time", bins=bins, ax=axes, **_stacked(colours))
        axes.set(xlabel="time (UTC)", ylabel="photos")
        label_times(axes)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))

    return _chart(data, draw, "Histogram of the photos over time, by decision")


def class_chart(photos: pd.DataFrame, classes: list[str]) -> Chart:
    """Photos of each predicted class, by decision; a class that was never predicted has an empty place."""
    data = _labelled(photos.dropna(subset="predicted"))
    if len(classes) > MOST_BARS:
        classes = data["predicted"].value_counts().index[:MOST_BARS].tolist()

    def draw(axes: Axes, colours: dict[str, str]) -> None:
        # Not seaborn: its histograms leave out a class without photos.
        table = pd.crosstab(data["predicted"], data["decision"]).reindex(classes, fill_value=0)
        table[list(colours)].plot.barh(stacked=True, color=list(colours.values()), width=0.7, ax=axes)
        axes.invert_yaxis()
        axes.set(xlabel="photos", ylabel="")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))

    return _chart(data, draw, "Bars of the photos of each predicted class, by decision")


def confidence_chart(photos: pd.DataFrame, thresholds: tuple[float, ...]) -> Chart:
    """The distribution of confidence up to certainty, and the thresholds of the decisions."""
    data = _labelled(photos.dropna(subset="confidence"))
    lowest = min(float(np.floor(data["confidence"].min() * 10) / 10), 0.9)
    named = ", ".join(f"{threshold:.4g}" for threshold in thresholds)

    def draw(axes: Axes, colours: dict[str, str]) -> None:
        sns.histplot(data=data, x="confidence", bins=25, binrange=(lowest, 1), ax=axes, **_stacked(colours))
        for threshold in thresholds:
            axes.axvline(threshold, color=mpl.rcParams["text.color"], linestyle="--", linewidth=1.2)
        axes.set(xlabel="confidence", ylabel="photos")
        axes.xaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0, symbol=" %"))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))

    return _chart(data, draw, f"Histogram of the confidence, by decision, with the threshold at {named}")


def _labelled(photos: pd.DataFrame) -> pd.DataFrame:
    """Plain columns for seaborn; the decision in words."""
    return pd.DataFrame(
        {
            "time": photos["time"].dt.tz_localize(None),
            "predicted": photos["predicted"].astype(object),
            "confidence": photos["confidence"],
            "decision": photos["decision"].fillna("undecided").map(DECISIONS).astype(object),
        }
    )


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
