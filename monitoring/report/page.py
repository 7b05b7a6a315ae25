"""Builds the monitoring report: collects its content, then renders it as HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Template

from jobs.pages import page_environment, percent
from monitoring.captures.capture import read_image
from monitoring.captures.files import Problem
from monitoring.captures.payloads import TURNED
from monitoring.drift.comparison import Drift
from monitoring.features.images import picture, thumbnail
from monitoring.judgement.verdict import Verdict
from monitoring.profiles.profile import Counts
from monitoring.profiles.shelf import Period
from monitoring.report.accuracy_figure import Row, accuracy_chart, rows_of
from monitoring.report.chart import Chart
from monitoring.report.figures import class_chart, confidence_chart, volume_chart
from monitoring.report.turned_figure import turned_chart, turned_rows
from monitoring.statistics.overview import REVIEWED, Overview, overview, per_day
from monitoring.summaries.samples import Photo

FILES_LISTED = 1000


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
        return f"Captured photo, predicted {self.predicted}, confidence {percent(self.confidence)}"


@dataclass(frozen=True)
class Charts:
    """The charts; None where there is nothing to draw."""

    turned: Chart | None
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
    days: list[dict[str, Any]]
    charts: Charts
    drift: Drift
    verdict: Verdict
    turned: list[Row]
    accuracies: list[Row]
    shown: list[Example]
    reference: list[str]
    review: list[Example]
    gallery: list[Example]
    problems: tuple[Problem, ...]
    problem_count: int
    files: tuple[str, ...]


@dataclass(frozen=True)
class Captured:
    """What is reported: a period, the folder of its captures, from which photos are read again, and its files."""

    period: Period
    folder: Path
    files: tuple[str, ...]


def build_report(captured: Captured, heading: Heading, examples: int, drift: Drift, verdict: Verdict) -> Report:
    """Collects the report's content."""
    profile, folder = captured.period.profile, captured.folder
    found = overview(profile, len(captured.files))
    return Report(
        heading=heading,
        overview=found,
        days=per_day(profile.counts),
        charts=draw_charts(profile.counts, found, verdict),
        drift=drift,
        verdict=verdict,
        turned=turned_rows(verdict.eye),
        accuracies=rows_of(verdict.accuracy),
        shown=_shown(folder, verdict),
        reference=[picture(each) for each in verdict.reference.examples] if verdict.reference else [],
        review=[_example(folder, photo) for photo in profile.samples.review],
        gallery=[_example(folder, photo) for photo in latest_of_each_class(profile.samples.newest, examples)],
        problems=profile.counts.problems.listed,
        problem_count=found.unusable_lines + found.unreadable_files + found.unreadable_photos,
        files=captured.files[:FILES_LISTED],
    )


def render(report: Report) -> str:
    """Renders the report as one HTML file, with its style, charts and photos inside."""
    return _template().render(report=report, turned_below=TURNED)


@cache
def _template() -> Template:
    environment = page_environment(Path(__file__).parent)
    environment.filters["decision"] = {**REVIEWED, "accepted": "decided"}.__getitem__
    environment.filters["utc"] = lambda time: f"{time:%Y-%m-%d %H:%M} UTC"
    return environment.get_template("report.html")


def draw_charts(counts: Counts, found: Overview, verdict: Verdict) -> Charts:
    """Draws the charts for which there is data."""
    return Charts(
        turned=turned_chart(verdict.eye),
        accuracy=accuracy_chart(verdict.accuracy),
        volume=volume_chart(counts.timeline) if found.photos else None,
        classes=class_chart(counts.classes, list(found.classes)) if found.decided else None,
        confidence=confidence_chart(counts.confidence, found.thresholds) if found.decided else None,
    )


def latest_of_each_class(newest: Iterable[Photo], count: int) -> Sequence[Photo]:
    """Up to `count` different photos: the newest of each class, then the second newest of each, and so on."""
    latest: dict[str | None, Photo] = {}
    for photo in sorted(newest, key=lambda photo: (-photo.time.timestamp(), photo.order)):
        latest.setdefault(photo.digest, photo)
    turns: dict[str, int] = {}
    found: list[tuple[int, str, Photo]] = []
    for photo in latest.values():
        name = photo.predicted or ""
        found.append((turns.get(name, 0), name, photo))
        turns[name] = turns.get(name, 0) + 1
    return [photo for _, _, photo in sorted(found, key=lambda each: each[:2])][:count]


def _shown(folder: Path, verdict: Verdict) -> list[Example]:
    """The photos that show the main cause best."""
    places = verdict.causes[0].shown if verdict.causes else ()
    photos = [photo for photo, _ in verdict.window.samples.in_order] if places else []
    return [_example(folder, photos[place]) for place in places]


def _example(folder: Path, photo: Photo) -> Example:
    has_picture = photo.readable and photo.digest is not None
    return Example(
        picture=thumbnail(read_image(folder, photo.file, photo.place, photo.position)) if has_picture else None,
        predicted=photo.predicted or "",
        confidence=photo.confidence or 0.0,
        threshold=photo.threshold or 0.0,
        decision=photo.decision or "",
        time=photo.time,
        inference_id=photo.inference_id,
        source=f"{photo.file}:{photo.line}",
    )
