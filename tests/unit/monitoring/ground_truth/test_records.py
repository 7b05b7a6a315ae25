"""Ground truth as Model Monitor has it, and as people write it."""

import json
from pathlib import Path
from typing import Any

import pytest

from monitoring.captures import files
from monitoring.ground_truth.records import read_ground_truth


def line(event: str, data: str, encoding: str | None = "CSV", **more: Any) -> str:
    content = {"data": data} if encoding is None else {"data": data, "encoding": encoding}
    metadata = {"eventId": event, **more}
    return json.dumps({"groundTruthData": content, "eventMetadata": metadata, "eventVersion": "0"})


def write(folder: Path, *lines: str, name: str = "2026/03/09/14/0001.jsonl") -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("data", "encoding", "classes"),
    [
        ("bicycle", "CSV", ("bicycle",)),
        ("bicycle", None, ("bicycle",)),
        ("1", "CSV", ("1",)),
        ("bicycle, motorcycle", "CSV", ("bicycle", "motorcycle")),
        ("bicycle\nmotorcycle\n", "CSV", ("bicycle", "motorcycle")),
        ('"motorcycle"', "JSON", ("motorcycle",)),
        ('["bicycle", 1]', "JSON", ("bicycle", "1")),
        ("YmljeWNsZQ==", "BASE64", ("bicycle",)),
    ],
)
def test_classes_come_in_each_encoding(data: str, encoding: str, classes: tuple[str, ...], tmp_path: Path) -> None:
    write(tmp_path, line("a", data, encoding))
    assert read_ground_truth(tmp_path).classes == {"a": classes}


def test_the_last_record_of_an_id_counts(tmp_path: Path) -> None:
    write(tmp_path, line("a", "bicycle"), line("b", "bicycle"))
    write(tmp_path, line("a", "motorcycle"), line("b", "bicycle"), name="2026/03/11/08/0001.jsonl")
    found = read_ground_truth(tmp_path)
    assert (found.classes["a"], found.corrected) == (("motorcycle",), 1)


def test_an_inference_id_of_its_own_comes_first(tmp_path: Path) -> None:
    write(tmp_path, line("a", "bicycle", inferenceId="photo-1"))
    assert list(read_ground_truth(tmp_path).classes) == ["photo-1"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "Invalid JSON"),
        ('{"eventMetadata": {"eventId": "a"}}', "groundTruthData: Field required"),
        (line("", "bicycle"), "eventMetadata.eventId"),
        (line("a", ""), "no printable name"),
        (line("a", "x" * 201), "no printable name"),
        (line("a", "{", "JSON"), "not JSON"),
        (line("a", '{"class": "bicycle"}', "JSON"), "neither a class nor a list"),
        (line("a", "true", "JSON"), "neither a class nor a list"),
        (line("a", "bicycle", "XML"), "groundTruthData.encoding"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_is_read(bad: str, reason: str, tmp_path: Path) -> None:
    write(tmp_path, line("b", "bicycle"), "", bad)
    found = read_ground_truth(tmp_path)
    assert list(found.classes) == ["b"]
    assert [(each.place, reason in each.reason) for each in found.problems] == [("2026/03/09/14/0001.jsonl:3", True)]


def test_a_line_without_end_is_named_and_the_rest_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 500)
    write(tmp_path, line("a", "bicycle" * 100), line("b", "bicycle"))
    found = read_ground_truth(tmp_path)
    assert list(found.classes) == ["b"]
    assert [each.reason for each in found.problems] == ["the line has more than 500 bytes"]


def test_a_folder_without_ground_truth_has_none(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("no JSON lines")
    found = read_ground_truth(tmp_path)
    assert (found.classes, found.problems) == ({}, [])
