"""`scones monitor` on folders of this machine."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipelines.cli import cli

ANSWER = {"observedContentType": "application/json", "data": "[0.97, 0.03]", "encoding": "JSON"}


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Two folders of captures, with one answer and with two."""
    found = [tmp_path / "monday", tmp_path / "tuesday"]
    for number, folder in enumerate(found):
        folder.mkdir()
        metadata = [{"eventId": f"{event}", "inferenceTime": f"2026-03-0{event + 1}T10:00:00Z"} for event in range(2)]
        lines = [{"captureData": {"endpointOutput": ANSWER}, "eventMetadata": each} for each in metadata[: number + 1]]
        (folder / "x.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return found


def run(*arguments: object) -> Any:
    return CliRunner().invoke(cli, ["monitor", *map(str, arguments)])


def verdict(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "verdict.json").read_text())
    return found


def test_several_folders_give_a_report_each(folders: list[Path], tmp_path: Path) -> None:
    output, kept = tmp_path / "out", ("--profiles", tmp_path / "kept")
    found = run("report", "--captures", folders[0], folders[1], "--threshold", 0.9, "--output", output, *kept)
    assert found.exit_code == 0, found.output
    assert found.output.splitlines()[0] == "Cannot tell: 1 photo is too few to judge"
    assert [verdict(output / name)["verdict"] for name in ("monday", "tuesday")] == ["cannot_tell"] * 2
    assert found.output.splitlines()[-1] == str(output / "index.html")
    assert 'href="tuesday/report.html"' in (output / "index.html").read_text()


def test_an_index_is_made_of_verdicts_alone(folders: list[Path], tmp_path: Path) -> None:
    content = {
        "verdict": "trust",
        "window": {"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z"},
        "records": 3,
    }
    (folders[0] / "verdict.json").write_text(json.dumps(content))
    found = run("index", *folders, "--title", "Vehicles", "--output", tmp_path / "all")
    assert (found.exit_code, found.output) == (0, f"{tmp_path / 'all' / 'index.html'}\n")
    assert "Vehicles: Trust: 3 photos" in (tmp_path / "all" / "index.html").read_text()


def test_a_window_counts_what_lies_in_it(folders: list[Path], tmp_path: Path) -> None:
    window = ("--to", "2026-03-02T11:00", "--last", "2h", "--profiles", tmp_path / "kept")
    found = run("report", "--captures", folders[1], "--threshold", 0.9, "--output", tmp_path / "out", *window)
    assert found.exit_code == 0, found.output
    assert verdict(tmp_path / "out")["window"] == {"from": "2026-03-02T09:00:00Z", "to": "2026-03-02T11:00:00Z"}
    assert json.loads((tmp_path / "out" / "statistics.json").read_text())["dataset"]["item_count"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--last", "2"), "'2' is no duration such as 24h or 7d"),
        (("--last", "2h", "--from", "2026-03-02"), "--from and --last exclude each other"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), "The window ends before it starts"),
    ],
)
def test_windows_that_are_none(arguments: tuple[str, ...], message: str, folders: list[Path]) -> None:
    found = run("report", "--captures", folders[0], *arguments)
    assert (found.exit_code, message in found.output) == (2, True)


def test_folders_of_one_name_are_refused(folders: list[Path]) -> None:
    found = run("report", "--captures", folders[0], "--captures", folders[0])
    assert (found.exit_code, "the same name" in found.output) == (2, True)


def test_a_baseline_needs_one_source() -> None:
    assert "either --data or --images" in run("baseline").output
