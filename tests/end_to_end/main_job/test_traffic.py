"""`scones traffic` through the workflow and the endpoint that the main job deployed."""

import json
from pathlib import Path
from typing import Any

from end_to_end.support import MARKS, Scones

pytestmark = MARKS


def test_through_the_workflow(standing: Scones, first: dict[str, Any], archive_of_five: Path) -> None:
    ran = standing.here("traffic", "--rate", "4", "--for", "1s", "--from", str(archive_of_five))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = json.loads((standing.build / "traffic.json").read_text())
    assert (found["sent"], found["answered"], found["errors"], found["under_way"]) == (4, 4, {}, 0)
    assert set(found["outcomes"]) <= {"accepted", "low_confidence", "not_a_known_vehicle"}
    assert 0 < found["latency"]["p50"] <= found["latency"]["max"] < 60
    shown = standing.here("workflow", "show", f"{found['run']}-000003")
    assert shown.returncode == 0, shown.stderr


def test_through_the_endpoint_with_a_shift(standing: Scones, first: dict[str, Any], archive_of_five: Path) -> None:
    options = ("--rate", "20", "--for", "1s", "--shift", "dark", "--schedule", "day", "--through", "endpoint")
    ran = standing.here("traffic", *options, "--from", str(archive_of_five))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "answered  20: " in ran.stdout
    assert json.loads((standing.build / "traffic.json").read_text())["shift"] == ["dark", "middle"]


def test_an_endpoint_that_is_missing_is_told_once(standing: Scones, first: dict[str, Any], tmp_path: Path) -> None:
    elsewhere = standing.beside(tmp_path)
    base = elsewhere.configs / "base.yaml"
    base.write_text(base.read_text().replace("project: scones-unlimited", "project: scones-nowhere"))
    ran = elsewhere.here("traffic", "--through", "endpoint", "--from", str(Path(__file__).parents[3] / "docs/pictures"))
    assert ran.returncode == 5
    assert "DescribeEndpoint" in ran.stderr
    assert "sent " not in ran.stdout
