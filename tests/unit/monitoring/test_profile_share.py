"""The job that reads a share of the captures: what it says of arguments and places that it cannot use.

That shares give the same report as one job does is tested with the function that deals them
(`tests/unit/lambdas/select_captures`).
"""

import json
from pathlib import Path

import pytest

from monitoring.profile_share import MARK, main

LISTING = {"start": None, "end": None, "older": False, "folder": "vehicles", "ground_truth": "labels", "hours": []}


def run(folder: Path, output: Path, classes: str = "bicycle,motorcycle") -> int:
    given = ("--captures", str(folder), "--listing", str(folder / "listing.json"))
    return main([*given, "--output", str(output), "--classes", classes])


def test_a_share_without_hours_leaves_a_file_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "listing.json").write_text(json.dumps(LISTING))
    assert run(tmp_path, tmp_path / "output") == 0
    assert [path.name for path in (tmp_path / "output").iterdir()] == [MARK]


def test_a_missing_listing_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, tmp_path / "output") == 2
    assert f"--listing: '{tmp_path / 'listing.json'}' cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "output").exists()


def test_an_output_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "listing.json").write_text(json.dumps(LISTING))
    (tmp_path / "file").write_text("in the way")
    assert run(tmp_path, tmp_path / "file") == 1
    assert f"cannot write to '{tmp_path / 'file'}'" in capsys.readouterr().err


def test_classes_are_checked_as_those_of_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "listing.json").write_text(json.dumps(LISTING))
    assert run(tmp_path, tmp_path / "output", "bicycle, bicycle") == 2
    assert "--classes: expected two or more different names, got 'bicycle,bicycle'" in capsys.readouterr().err
    assert not (tmp_path / "output").exists()
