"""The report's charts as SVG data URIs, each drawn for a light and for a dark page."""

import base64
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
from matplotlib.ticker import MaxNLocator, PercentFormatter

DECISIONS = {"accepted": "decided automatically", "low_confidence": "for review", "undecided": "no answer"}


@dataclass(frozen=True)
class Scheme:
    """Colours of a page, and of the decisions in the order of DECISIONS."""

    ink: str
    grid: str
    decisions: tuple[str, str, str]


LIGHT = Scheme(ink="#1f2937", grid="#d6dbe1", decisions=("#0f766e", "#d97706", "#94a3b8"))
DARK = Scheme(ink="#e5e7eb", grid="#374151", decisions=("#2dd4bf", "#fbbf24", "#64748b"))


@dataclass(frozen=True)
class Chart:
    """A chart as two data URIs, and what it shows in words."""

    light: str
    dark: str
    alt: str


def volume_chart(photos: pd.DataFrame) -> Chart:
    """Photos over time, by decision."""

    def draw(axes: Axes, scheme: Scheme) -> None:
        times = photos["time"]
        # With one moment only there is no span to divide.
        bins: Any = 30 if times.nunique() > 1 else 1
        data = _labelled(photos)
        sns.histplot(data=data, x="time", bins=bins, ax=axes, **_stacked(data, scheme))
        axes.set(xlabel="time (UTC)", ylabel="photos")

    return _chart(draw, "Histogram of the photos over time, by decision")


def class_chart(photos: pd.DataFrame) -> Chart:
    """Photos a predicted class, by decision."""

    def draw(axes: Axes, scheme: Scheme) -> None:
        data = _labelled(photos.dropna(subset="predicted").sort_values("predicted"))
        sns.histplot(data=data, y="predicted", shrink=0.7, ax=axes, **_stacked(data, scheme))
        axes.set(xlabel="photos", ylabel="")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))

    return _chart(draw, "Bars of the photos of each predicted class, by decision")


def confidence_chart(photos: pd.DataFrame, thresholds: tuple[float, ...]) -> Chart:
    """The distribution of confidence from chance to certainty, and the thresholds of the decisions."""
    named = ", ".join(f"{threshold:.3g}" for threshold in thresholds)

    def draw(axes: Axes, scheme: Scheme) -> None:
        data = _labelled(photos.dropna(subset="confidence"))
        lowest = np.floor(data["confidence"].min() * 10) / 10
        sns.histplot(
            data=data, x="confidence", bins=25, binrange=(min(lowest, 0.9), 1), ax=axes, **_stacked(data, scheme)
        )
        for threshold in thresholds:
            axes.axvline(threshold, color=scheme.ink, linestyle="--", linewidth=1.2)
        axes.xaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0, symbol=" %"))
        axes.set(xlabel="confidence", ylabel="photos")

    return _chart(draw, f"Histogram of the confidence, by decision, with the threshold at {named}")


def _labelled(photos: pd.DataFrame) -> pd.DataFrame:
    """Plain columns for seaborn; the decision in words."""
    decision = photos["decision"].fillna("undecided").map(DECISIONS).astype(object)
    return pd.DataFrame(
        {
            "time": photos["time"].dt.tz_localize(None),
            "predicted": photos["predicted"].astype(object),
            "confidence": photos["confidence"],
            "decision": decision,
        }
    )


def _stacked(data: pd.DataFrame, scheme: Scheme) -> dict[str, Any]:
    """What every histogram has in common: the decisions that occur stacked, each in its colour."""
    colours = dict(zip(DECISIONS.values(), scheme.decisions, strict=True))
    present = [name for name in reversed(colours) if (data["decision"] == name).any()]
    palette = {name: colours[name] for name in present}
    return {"hue": "decision", "hue_order": present, "palette": palette, "multiple": "stack", "alpha": 1, "lw": 0}


def _chart(draw: Callable[[Axes, Scheme], None], alt: str) -> Chart:
    return Chart(_data_uri(draw, LIGHT), _data_uri(draw, DARK), alt)


def _data_uri(draw: Callable[[Axes, Scheme], None], scheme: Scheme) -> str:
    """A figure as an SVG data URI; the same drawing gives the same bytes."""
    with mpl.rc_context(_style(scheme)):
        figure = Figure(figsize=(4.4, 2.6), layout="constrained")
        axes = figure.add_subplot()
        draw(axes, scheme)
        _finish(axes)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode()


def _finish(axes: Axes) -> None:
    """Whole numbers on the axis of counts, and the legend above the drawing, out of the bars' way."""
    if axes.get_ylabel() == "photos":
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.spines[["top", "right"]].set_visible(False)
    if axes.get_legend() is not None:
        sns.move_legend(
            axes, "lower left", bbox_to_anchor=(-0.01, 1), ncols=3, title=None, frameon=False, reverse=True,
            handlelength=1, columnspacing=1, borderaxespad=0.2,
        )  # fmt: skip


def _style(scheme: Scheme) -> Any:  # noqa: ANN401 (matplotlib types the keys as one huge Literal)
    """Settings of matplotlib for a page."""
    ink = dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color", "axes.edgecolor"), scheme.ink)
    return {
        **ink,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": scheme.grid,
        "grid.linewidth": 0.6,
        "font.size": 10,
        "date.converter": "concise",
        "svg.hashsalt": "scones",
        "svg.fonttype": "path",
    }
