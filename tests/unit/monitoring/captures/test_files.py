"""What is called *.jsonl and is no file is named and counted; it never ends a report, and nothing waits."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitoring.analyze import main
from monitoring.captures import files
from monitoring.captures.files import Line, Part, Problem, find_files, read_lines


def test_odd_entries_are_problems_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "deep/er").mkdir(parents=True)
    (tmp_path / "deep/er/b.jsonl").write_text("{}\n")
    (tmp_path / "a.jsonl").symlink_to(tmp_path / "deep/er/b.jsonl")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "folder.jsonl/c.jsonl").write_text("{}\n")
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    (tmp_path / "circle.jsonl").symlink_to("circle.jsonl")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "deep", target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "endless.jsonl").symlink_to("/dev/zero")
    (tmp_path / os.fsdecode(b"b\xff.jsonl")).write_text("{}\n")
    names, problems = find_files(tmp_path)
    assert names == ["a.jsonl", "deep/er/b.jsonl", "folder.jsonl/c.jsonl"]
    assert {problem.place: problem.reason for problem in problems} == {
        "folder.jsonl": "a folder, not a file",
        "gone.jsonl": "a link to nowhere: No such file or directory",
        "circle.jsonl": "a link to nowhere: Too many levels of symbolic links",
        "link.jsonl": "a folder, not a file",
        "pipe.jsonl": "a pipe, not a file",
        "endless.jsonl": "a device, not a file",
        "b\\udcff.jsonl": "its name is not UTF-8",
    }


def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.jsonl")
        assert find_files(tmp_path)[1] == [Problem("s.jsonl", 0, "a socket, not a file")]


def test_an_error_while_reading_is_a_problem(tmp_path: Path) -> None:
    assert list(read_lines(tmp_path, Part("gone.jsonl"))) == [
        Problem("gone.jsonl", 0, "cannot be read: No such file or directory")
    ]


def test_a_line_that_is_too_long_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbffirst\n" + b"x" * 35 + b"\n\n123456789\n" + b"y" * 11)
    assert list(read_lines(tmp_path, Part("a.jsonl"))) == [
        Line("a.jsonl", 1, b"first"),
        Problem("a.jsonl", 2, "the line has more than 10 bytes"),
        Line("a.jsonl", 3, b"", 45),
        Line("a.jsonl", 4, b"123456789", 46),
        Problem("a.jsonl", 5, "the line has more than 10 bytes"),
    ]


def test_the_report_names_and_counts_them(
    record: Callable[..., Any],
    respond: Callable[..., Any],
    write_lines: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    captures = tmp_path / "captures"
    late, early = record(2, respond(0.9)), record(3, respond(0.9))
    late["eventMetadata"]["inferenceTime"] = "9999-12-31T23:59:59-05:00"
    early["eventMetadata"]["inferenceTime"] = "0001-01-01T00:00:00+05:00"
    lines = [
        record(1, respond(0.97)),
        late,
        early,
        record(4, {**respond(0.97), "labels": [r"$\bad$", "a_b^{c"]}),
        b"[" * 100_000 + b"]" * 100_000,
        record(5, "[" * 100_000 + "]" * 100_000),
        rb'{"captureData": {}, "eventMetadata": {"eventId": "\ud83d", "inferenceTime": "2026-03-01T10:00:00Z"}}',
        record(6, respond(0.97)),
    ]
    write_lines(captures / "a.jsonl", *lines)
    os.mkfifo(captures / "pipe.jsonl")
    assert main(["--captures", str(captures), "--output", str(tmp_path / "out"), "--classes", "a,b"]) == 0
    said = capsys.readouterr().out.splitlines()[1]
    assert said.startswith("3 photos, 3 decided automatically (100 %), 0 for review; 5 lines and 1 file")
    page = (tmp_path / "out/report.html").read_text()
    assert "the year 9999 is not from 2000 to 2099" in page
    assert "the year 1 is not from 2000 to 2099" in page
    assert "pipe.jsonl</td><td>a pipe, not a file" in page


def test_a_folder_of_nothing_but_odd_entries(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "captures/x.jsonl").mkdir(parents=True)
    arguments = ["--captures", str(tmp_path / "captures"), "--output", str(tmp_path / "out"), "--classes", "a,b"]
    assert main(arguments) == 0
    assert "\nNothing was captured; 1 file unreadable\n" in capsys.readouterr().out
    page = (tmp_path / "out/report.html").read_text()
    assert "x.jsonl</td><td>a folder, not a file" in page
    assert "has no *.jsonl files" not in page
