import json
from pathlib import Path

import numpy as np
import pytest

from monitoring.analyze import main

CLASSES = ("--classes", "bicycle,motorcycle", "--threshold", "0.93")


def run(captures: Path, output: Path, *arguments: str) -> int:
    return main(["--captures", str(captures), "--output", str(output), *arguments])


def test_the_job_writes_its_files_and_says_what_it_found(
    captures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "new" / "output"
    assert run(captures, output, *CLASSES, "--now", "2026-03-02T08:30:00Z") == 0
    assert sorted(path.name for path in output.iterdir()) == [
        "constraint_violations.json",
        "report.html",
        "statistics.json",
        "verdict.json",
    ]
    assert "2026-03-02 08:30 UTC" in (output / "report.html").read_text()
    assert json.loads((output / "statistics.json").read_text())["dataset"]["item_count"] == 9
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Cannot tell: 9 photos are too few to judge"
    assert said[1].startswith("9 photos, 6 decided automatically (75 %)")


def test_with_a_history_there_is_an_index_of_all_windows(captures: Path, tmp_path: Path) -> None:
    window = {"from": "2026-02-01T00:00:00Z", "to": "2026-02-02T00:00:00Z"}
    uri = "s3://bucket/executions/before/monitoring/report.html"
    (tmp_path / "history").mkdir()
    document = {"verdict": "trust", "window": window, "records": 1, "report": uri}
    (tmp_path / "history" / "verdict.json").write_text(json.dumps(document))
    more = ("--history", str(tmp_path / "history"), "--place", "s3://bucket/executions/now/monitoring")
    assert run(captures, tmp_path / "output", *CLASSES, *more) == 0
    page = (tmp_path / "output" / "index.html").read_text()
    assert 'href="../../before/monitoring/report.html"' in page
    assert 'href="report.html"' in page


def test_an_empty_folder_gives_a_report_that_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, tmp_path / "output", *CLASSES) == 0
    assert "Nothing was captured" in (tmp_path / "output" / "report.html").read_text()
    assert json.loads((tmp_path / "output" / "statistics.json").read_text())["dataset"] == {"item_count": 0}


def test_ground_truth_counts_in_its_window(captures: Path, tmp_path: Path) -> None:
    """Of the photos 1 and 2 one was told right; that of 11 came later than the window, and line 2 is none."""
    folder = tmp_path / "truth"
    folder.mkdir()
    known = {"photo-1": "bicycle", "event-2": "motorcycle", "event-11": "bicycle"}
    lines = [
        json.dumps({"groundTruthData": {"data": name, "encoding": "CSV"}, "eventMetadata": {"eventId": event}})
        for event, name in known.items()
    ]
    (folder / "x.jsonl").write_text("\n".join([lines[0], "broken", *lines[1:]]))
    window = ("--from", "2026-03-01T10:00:00Z", "--to", "2026-03-01T10:55:00Z")
    assert run(captures, tmp_path / "output", *CLASSES, "--ground-truth", str(folder), *window) == 0
    measured = json.loads((tmp_path / "output" / "verdict.json").read_text())["accuracy"]["measured"]
    assert (measured["right"], measured["photos"], measured["pending"]) == (1, 2, 5)
    assert "ground truth: x.jsonl:2" in (tmp_path / "output" / "report.html").read_text()


def test_a_reference_of_another_version_is_no_reason_to_fail(
    captures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "baseline").mkdir()
    np.savez(tmp_path / "baseline" / "reference.npz", format=np.array(0))
    arguments = ("--baseline", str(tmp_path / "baseline"), "--profiles", str(tmp_path / "kept"))
    assert run(captures, tmp_path / "output", *CLASSES, *arguments) == 0
    verdict = json.loads((tmp_path / "output" / "verdict.json").read_text())
    assert verdict["verdict"] == "cannot_tell"
    assert "was written by another version; make the baseline again" in verdict["not_compared"][1]["why"]
    assert list((tmp_path / "kept").iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--classes", "bicycle"), "--classes: expected two or more different names, got 'bicycle'"),
        (("--classes", "bicycle,"), "--classes: expected"),
        (("--classes", "a,a"), "--classes: expected"),
        (("--classes", "a,b", "--threshold", "93"), "--threshold: expected a number from 0 to 1, got 93.0"),
        (("--classes", "a,b", "--threshold", "nan"), "--threshold: expected"),
        (("--classes", "a,b", "--baseline", "/no/such"), "--baseline: '/no/such' is not a folder"),
        (("--classes", "a,b", "--examples", "-1"), "--examples: expected 0 or more, got -1"),
        (("--classes", "a,b", "--now", "2026-03-02"), "--now: expected a time with its zone"),
        (
            ("--classes", "a,b", "--window", "day", "--to", "2026-03-02T00:00:00Z"),
            "--window day: excludes --from and --to",
        ),
    ],
)
def test_bad_arguments_are_explained_and_nothing_is_written(
    arguments: tuple[str, ...], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, tmp_path / "output", *arguments) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(
    ("window", "now", "expected"),
    [
        ("hour", "2026-03-01T11:00:00Z", ("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z", 9)),
        ("hour", "2026-03-01T13:59:59+01:00", ("2026-03-01T11:00:00Z", "2026-03-01T12:00:00Z", 0)),
        ("day", "2026-03-02T00:10:00Z", ("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", 9)),
        ("day", "2026-03-01T23:50:00Z", ("2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z", 0)),
    ],
)
def test_the_hour_or_day_that_just_ended_is_judged(
    window: str, now: str, expected: tuple[str, str, int], captures: Path, tmp_path: Path
) -> None:
    assert run(captures, tmp_path / "output", *CLASSES, "--window", window, "--now", now) == 0
    found = json.loads((tmp_path / "output" / "verdict.json").read_text())
    assert (*found["window"].values(), found["records"]) == expected


@pytest.mark.parametrize(
    "arguments", [(), ("--classes", "a,b", "--threshold", "high"), ("--classes", "a,b", "--now", "x")]
)
def test_arguments_that_cannot_be_parsed_exit_with_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(tmp_path, tmp_path / "output", *arguments)
    assert stopped.value.code == 2


def test_a_missing_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "none", tmp_path / "output", *CLASSES) == 2
    assert f"--captures: '{tmp_path / 'none'}' is not a folder" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("in the way")
    assert run(tmp_path, tmp_path / "file", *CLASSES) == 1
    assert "cannot write" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
