"""What the report says. Its looks are tested in `tests/browser`.

The golden files are written anew by `pytest tests/unit/monitoring --update-golden`; read their difference afterwards.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from profiled import captured, window

from jobs.intervals import wilson_interval
from monitoring.analyze import analyze
from monitoring.drift.baseline import Baseline
from monitoring.drift.comparison import find_drift
from monitoring.judgement.eye import Eye
from monitoring.judgement.verdict import References, judge
from monitoring.options import Options
from monitoring.report.page import Captured, Heading, Report, build_report, latest_of_each_class, render
from monitoring.report.turned_figure import turned_chart, turned_rows
from windows.spans import EVERYTHING

GOLDEN = Path(__file__).parents[3] / "golden" / "monitoring"
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
OPTIONS = Options(("bicycle", "motorcycle"), threshold=0.93, examples=4, title="Vehicles", now=NOW)


def report_on(folder: Path, title: str, baseline: Baseline | None = None) -> Report:
    verdict = judge(window(folder, EVERYTHING, NOW), References())
    period = captured(folder)
    drift = find_drift(period, baseline)
    return build_report(Captured(period, folder, ("x.jsonl",)), Heading(title, NOW), 12, drift, verdict)


def scrub_report(text: str) -> str:
    """Pictures depend on versions of matplotlib and zlib."""
    return re.sub(r"(data:image/[a-z+]+;base64,)[A-Za-z0-9+/=]+", r"\1…", text)


def scrub_statistics(text: str) -> str:
    """The last digits of sums depend on the processor."""
    document = json.loads(text, parse_float=lambda number: round(float(number), 9))
    return json.dumps(document, indent=1) + "\n"


def test_statistics_are_the_golden_ones(captures: Path, tmp_path: Path, golden: Callable[[Path, str], None]) -> None:
    summary = analyze(captures, tmp_path, OPTIONS)
    golden(GOLDEN / "statistics.json", scrub_statistics(summary.statistics.read_text()))


def test_the_report_is_the_golden_one(captures: Path, tmp_path: Path, golden: Callable[[Path, str], None]) -> None:
    summary = analyze(captures, tmp_path, OPTIONS)
    golden(GOLDEN / "report.html", scrub_report(summary.report.read_text()))


def test_the_same_captures_give_the_same_bytes(captures: Path, tmp_path: Path) -> None:
    first, second = (analyze(captures, tmp_path / name, OPTIONS) for name in ("a", "b"))
    assert first.report.read_bytes() == second.report.read_bytes()
    assert first.statistics.read_bytes() == second.statistics.read_bytes()


def test_photos_for_review_come_with_the_least_certain_first(captures: Path) -> None:
    assert [photo.confidence for photo in captured(captures).profile.samples.review] == [0.55, 0.62]


def test_examples_are_different_photos_and_classes_take_turns(
    record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    same = record(1, [0.99, 0.01])["captureData"]["endpointInput"]
    lines = [record(event, [0.99, 0.01], request=same, minute=event) for event in (1, 2)]
    lines += [record(3, [0.98, 0.02], minute=3), record(4, [0.97, 0.03], minute=4), record(5, [0.04, 0.96], minute=5)]
    write_lines(tmp_path / "x.jsonl", *lines)
    newest = captured(tmp_path).profile.samples.newest
    shown = latest_of_each_class(newest, 12)
    assert [photo.time.minute for photo in shown] == [4, 5, 3, 2]
    assert latest_of_each_class(newest, 3) == shown[:3]


def test_a_synthetic_model_is_named_so(
    record: Callable[..., Any], respond: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    write_lines(tmp_path / "x.jsonl", record(1, respond(0.95, synthetic=True)))
    text = render(report_on(tmp_path, "T"))
    assert "trained on generated pictures" in text
    assert "trained on generated pictures" not in (GOLDEN / "report.html").read_text()


def test_what_captures_contain_is_never_markup(
    record: Callable[..., Any], respond: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    evil = "<script>alert(1)</script>"
    write_lines(tmp_path / "x.jsonl", record(1, {**respond(0.95, version=evil), "labels": [evil, "b"]}))
    text = render(report_on(tmp_path, evil))
    assert evil not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("count", [1, 2])
def test_a_report_of_few_photos_of_one_moment(
    count: int, record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    write_lines(tmp_path / "x.jsonl", *(record(event, [0.95, 0.05]) for event in range(count)))
    report = report_on(tmp_path, "T")
    assert report.charts.volume is not None
    assert len(report.gallery) == count
    assert render(report).count("<h1>") == 1


def test_a_report_of_requests_without_answers(
    record: Callable[..., Any], write_lines: Callable[..., Path], tmp_path: Path
) -> None:
    write_lines(tmp_path / "x.jsonl", record(1), record(2, minute=7))
    report = report_on(tmp_path, "T")
    assert report.overview.verdict == "2 photos, 2 without an answer; nothing unreadable"
    assert report.charts.confidence is None
    assert "2 photos, 2 without an answer" in render(report)


def test_what_the_model_sees_is_a_figure_and_a_table(captures: Path) -> None:
    report = report_on(captures, "T")
    assert (report.charts.turned, report.turned) == (None, [])
    assert "whether the model sees" not in render(report).lower()
    eye = Eye(412, 396, 200, 0.08, 0.965, worth=0.25)
    found = replace(report, verdict=replace(report.verdict, eye=eye), turned=turned_rows(eye))
    text = render(replace(found, charts=replace(report.charts, turned=turned_chart(eye))))
    assert (
        "96\N{NO-BREAK SPACE}% of 412 photos are seen turned by the model, 8\N{NO-BREAK SPACE}% of the test photos."
        in text
    )
    assert "probability below 10&nbsp;%" in text
    window, usual, expected = found.turned
    assert (window.low, window.high) == wilson_interval(396 / 412, 103)
    assert (usual.right, usual.photos, usual.low) == (16, 200, wilson_interval(0.08, 200)[0])
    assert (expected.right, expected.share) == (193, 0.965)
