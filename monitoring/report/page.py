"""Builds the monitoring report: collects its content, then renders it as HTML."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from jobs.pages import page_environment
from monitoring.captures.capture import Captures, read_image
from monitoring.captures.files import Problem
from monitoring.drift.comparison import Drift
from monitoring.features.images import thumbnail
from monitoring.judgement.verdict import Verdict
from monitoring.report.accuracy_figure import Row, accuracy_chart, rows_of
from monitoring.report.figures import Chart, class_chart, confidence_chart, volume_chart
from monitoring.statistics.statistics import REVIEWED, Overview, overview, per_day

REVIEW_SHOWN = 100  # photos shown in the review list; the rest are only counted


@dataclass(frozen=True)
class Example:
    """A photo in the report. It has no picture if the image was not captured or cannot be read."""

    picture: str | None
    predicted: str
    confidence: float
    threshold: float
    decision: str
    time: datetime
    inference_id: str | None
    source: str

    @property
    def alt(self) -> str:
        """The picture's alternative text."""
        return f"Captured photo, predicted {self.predicted}, confidence {self.confidence:.1%}"


@dataclass(frozen=True)
class Charts:
    """The charts; None where there is nothing to draw."""

    accuracy: Chart | None
    volume: Chart | None
    classes: Chart | None
    confidence: Chart | None


@dataclass(frozen=True)
class Heading:
    """The report's title, and the time at which it was made."""

    title: str
    generated_at: datetime


@dataclass(frozen=True)
class Report:
    """The content of the report, ready for the template."""

    heading: Heading
    overview: Overview
    days: list[dict[Hashable, Any]]
    charts: Charts
    drift: Drift
    verdict: Verdict
    accuracies: list[Row]
    review: list[Example]
    gallery: list[Example]
    problems: tuple[Problem, ...]
    files: tuple[str, ...]


def build_report(
    captures: Captures, folder: Path, heading: Heading, examples: int, drift: Drift, verdict: Verdict
) -> Report:
    """Collects the report's content. `folder` is where the captures were read; their photos are read again from it."""
    photos = captures.photos
    found = overview(captures)
    return Report(
        heading=heading,
        overview=found,
        days=per_day(photos).reset_index().to_dict("records"),
        charts=draw_charts(photos, found, verdict),
        drift=drift,
        verdict=verdict,
        accuracies=rows_of(verdict.accuracy),
        review=[_example(folder, row) for row in for_review(photos).head(REVIEW_SHOWN).to_dict("records")],
        gallery=[_example(folder, row) for row in latest_of_each_class(photos, examples).to_dict("records")],
        problems=captures.problems,
        files=captures.files,
    )


def render(report: Report) -> str:
    """Renders the report as one HTML file, with its style, charts and photos inside."""
    environment = page_environment(Path(__file__).parent)
    environment.filters["decision"] = {**REVIEWED, "accepted": "decided"}.__getitem__
    environment.filters["utc"] = lambda time: f"{time:%Y-%m-%d %H:%M} UTC"
    return environment.get_template("report.html").render(report=report)


def draw_charts(photos: pd.DataFrame, found: Overview, verdict: Verdict) -> Charts:
    """Draws the charts for which there is data."""
    return Charts(
        accuracy=accuracy_chart(verdict.accuracy),
        volume=volume_chart(photos) if found.photos else None,
        classes=class_chart(photos, list(found.classes)) if found.decided else None,
        confidence=confidence_chart(photos, found.thresholds) if found.decided else None,
    )


def for_review(photos: pd.DataFrame) -> pd.DataFrame:
    """Photos that go to a person, least certain first."""
    return photos[photos["decision"].isin(list(REVIEWED))].sort_values("confidence", kind="stable")


def latest_of_each_class(photos: pd.DataFrame, count: int) -> pd.DataFrame:
    """Up to `count` different readable photos: the newest of each class, then the second newest of each, and so on."""
    shown = photos[(photos["status"] == "ok") & photos["image_digest"].notna() & photos["predicted"].notna()]
    newest = shown.sort_values("time", ascending=False, kind="stable").drop_duplicates("image_digest")
    turn = newest.groupby("predicted").cumcount()
    return newest.assign(turn=turn).sort_values(["turn", "predicted"], kind="stable").head(count)


def _example(folder: Path, row: dict[Hashable, Any]) -> Example:
    has_picture = row["status"] == "ok" and pd.notna(row["image_digest"])
    source = (row["file"], row["line"])
    return Example(
        picture=thumbnail(read_image(folder, row["file"], row["place"], row["position"])) if has_picture else None,
        predicted=row["predicted"],
        confidence=row["confidence"],
        threshold=row["threshold"],
        decision=row["decision"],
        time=row["time"],
        inference_id=row["inference_id"] if pd.notna(row["inference_id"]) else None,
        source="{}:{}".format(*source),
    )
