"""The page about all windows, which is made of their `verdict.json` files alone."""

import json
import os
import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jobs.figures import DARK_COLOURS
from monitoring.report.calendar import months
from monitoring.report.index import build_index, index_page, render
from monitoring.report.trends import known_trends, trend_charts
from monitoring.report.windows import Entry, read_windows

SHARE = {"share": 0.9, "low": 0.8, "high": 0.95, "photos": 100}
NOTHING = {"measured": None, "not_measured": "none", "estimated": None, "not_estimated": "none"}


def content(day: int, verdict: str = "trust", hours: int = 24, hour: int = 0, **more: Any) -> dict[str, Any]:
    start = datetime(2026, 3, day, hour, tzinfo=UTC)
    cause = [{"cause": "turned", "text": "pictures are turned by 90°: 96 % of 412 photos", "share": 0.96}]
    return {
        "verdict": verdict,
        "window": {"from": start.isoformat(), "to": (start + timedelta(hours=hours)).isoformat()},
        "records": 412,
        "since": None,
        "causes": cause if verdict in ("look", "do_not_trust") else [],
        "accuracy": NOTHING,
        "numbers": {"median_confidence": 0.97, "review_share": 0.2},
        "not_compared": [{"what": "everything", "why": "nothing was captured"}] if verdict == "cannot_tell" else [],
        "baseline": None,
        **more,
    }


def write(folder: Path, name: str, document: Any, written: int = 0, report: bool = True) -> None:
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    path = place / "verdict.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    os.utime(path, (1_800_000_000 + written, 1_800_000_000 + written))
    if report:
        (place / "report.html").write_text("<p>")


def entries(folder: Path) -> list[Entry]:
    return read_windows([folder], folder)[0]


def page_of(found: list[Entry], title: str = "Vehicles") -> str:
    """The page without charts, whose drawing takes long."""
    return render(build_index(found, [], title, {}))


def test_windows_come_in_order_of_time_with_links_to_their_reports(tmp_path: Path) -> None:
    write(tmp_path, "b", content(2))
    write(tmp_path, "a", content(3), report=False)
    found = entries(tmp_path)
    assert [(each.told.day.day, each.link) for each in found] == [(2, "b/report.html"), (3, None)]
    elsewhere = read_windows([tmp_path], tmp_path / "index")[0]
    assert elsewhere[0].link == "../b/report.html"


def test_from_s3_links_lead_to_reports_in_the_same_bucket(tmp_path: Path) -> None:
    uri = "s3://bucket/executions/{}/monitoring/report.html"
    write(tmp_path, "a", content(2, report=uri.format("one")), report=False)
    write(tmp_path, "b", content(3, report="s3://other/report.html"), report=False)
    write(tmp_path, "c", content(4, report=uri.format("three")))
    found = read_windows([tmp_path], tmp_path, "s3://bucket/executions/two/monitoring")[0]
    assert [each.link for each in found] == ["../../one/monitoring/report.html", None, "c/report.html"]
    assert [each.link for each in entries(tmp_path)] == [None, None, "c/report.html"]


def test_the_verdict_that_was_written_last_counts(tmp_path: Path) -> None:
    write(tmp_path, "a", content(2, "do_not_trust"), written=5)
    write(tmp_path, "b", content(2), written=2)
    assert [each.told.verdict for each in entries(tmp_path)] == ["do_not_trust"]


def test_what_is_no_verdict_is_named_and_the_rest_is_shown(tmp_path: Path) -> None:
    write(tmp_path, "bad", "{")
    write(tmp_path, "worse", {"verdict": "perhaps"})
    write(tmp_path, "good", content(2))
    found, problems = read_windows([tmp_path, tmp_path], tmp_path)
    assert len(found) == 1
    assert [Path(each.file).parent.name for each in problems] == ["bad", "worse"]
    assert "verdict: Input should be" in problems[1].reason


def test_verdicts_of_earlier_releases_have_no_accuracy(tmp_path: Path) -> None:
    old = {name: value for name, value in content(2).items() if name not in ("accuracy", "numbers")}
    write(tmp_path, "old", old)
    assert entries(tmp_path)[0].told.measured is None


def test_a_day_has_the_worst_verdict_of_the_windows_that_end_on_it(tmp_path: Path) -> None:
    write(tmp_path, "0", content(9, "cannot_tell", hours=1, hour=3))
    write(tmp_path, "1", content(9, "look", hours=1, hour=4))
    write(tmp_path, "2", content(9, "trust", hours=1, hour=23))
    write(tmp_path, "3", content(10, "trust"))
    month = months(entries(tmp_path))[0]
    days = {day.date.day: day for week in month.weeks for day in week if day}
    assert (month.name, len(days)) == ("March 2026", 31)
    assert month.weeks[0][:6] == [None] * 6
    assert days[9].spoken.startswith("March, the worst of 3 windows: Have a look: pictures are turned")
    assert days[10].spoken == "March: Trust: 412 photos"
    assert (days[8].worst, days[8].spoken) == (None, "March: no report")


def test_charts_are_drawn_of_what_is_known(tmp_path: Path) -> None:
    write(tmp_path, "a", content(2))
    assert known_trends(entries(tmp_path)) == ["For review", "Confidence", "Volume"]
    write(tmp_path, "b", content(3, accuracy={**NOTHING, "measured": {**SHARE, "representative": True}}))
    charts = trend_charts(entries(tmp_path))
    assert list(charts) == ["Accuracy", "For review", "Confidence", "Volume"]
    for each in charts.values():
        drawn = b64decode(each.light.removeprefix("data:image/svg+xml;base64,")).decode()
        assert set(re.findall("#[0-9a-f]{6}", drawn)) <= set(DARK_COLOURS)


@pytest.mark.parametrize("representative", [True, False])
def test_the_accuracy_of_some_photos_is_no_trend(representative: bool, tmp_path: Path) -> None:
    write(tmp_path, "a", content(2, accuracy={**NOTHING, "measured": {**SHARE, "representative": representative}}))
    found = entries(tmp_path)
    assert ("Accuracy" in known_trends(found)) is representative
    assert ("not of all photos" in page_of(found)) is not representative


def test_the_page_begins_with_the_last_verdict(tmp_path: Path) -> None:
    for day, verdict in ((7, "trust"), (8, "do_not_trust"), (9, "do_not_trust")):
        write(tmp_path, str(day), content(day, verdict))
    text = page_of(entries(tmp_path))
    assert "<title>Vehicles: Do not trust: pictures are turned by 90°: 96 % of 412 photos</title>" in text
    assert "The last 2 of 3 windows have this verdict." in text


def test_no_windows_is_a_page_too(tmp_path: Path) -> None:
    assert "No window was judged yet" in index_page([tmp_path], tmp_path, "Vehicles")


def test_what_verdicts_contain_is_never_markup(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    write(tmp_path, "a", content(2, "look", causes=[{"text": evil}]))
    text = page_of(entries(tmp_path), evil)
    assert evil not in text
    assert "&lt;script&gt;" in text
