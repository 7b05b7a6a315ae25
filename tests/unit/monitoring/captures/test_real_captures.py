"""Captures of real endpoints; they are no part of the repository."""

from pathlib import Path

import pytest
from profiled import captured

from monitoring.captures.capture import read_captures
from monitoring.captures.payloads import Defaults
from monitoring.statistics.overview import overview

ROOT = Path(__file__).parents[4]
FOLDER = ROOT / "../shared/data/captures"
DEFAULTS = Defaults(("bicycle", "motorcycle"), 0.93)

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real captures are not on this machine")


def test_no_line_of_real_endpoints_is_lost() -> None:
    found = read_captures(FOLDER, DEFAULTS)
    lines = sum(path.read_bytes().count(b"\n") for path in FOLDER.rglob("*.jsonl"))
    assert len(found.photos) + found.duplicates + len(found.unusable_lines) == lines
    assert found.duplicates > 0
    assert [problem.reason for problem in found.problems] == ["a request of type 'text/csv' is not a photo"]


def test_every_endpoint_has_an_overview() -> None:
    for folder in FOLDER.iterdir():
        counted = overview(captured(folder, DEFAULTS).profile, 1)
        assert counted.decided == counted.photos > 0
        assert set(counted.classes) == {"bicycle", "motorcycle"}
