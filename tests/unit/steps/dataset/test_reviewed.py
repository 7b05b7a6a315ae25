"""Which reviewed photos are trained on, and why the others are not."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from steps import prepare
from steps.arrays import Images
from steps.dataset.archive import Archive, read_archive
from steps.dataset.files import load_dataset, load_manifest
from steps.dataset.reviewed import read_reviewed
from steps.errors import DatasetError

CLASSES = ("bicycle", "motorcycle")


@pytest.fixture
def archive(write_archive: Callable[..., Path]) -> Archive:
    return read_archive(write_archive())


def png(pixels: Images) -> str:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def colour(level: int) -> Images:
    return np.full((32, 32, 3), level, np.uint8)


def answer(execution: str, shown: str | None, pixels: Images | None) -> dict[str, Any]:
    return {"execution": execution, "shown": shown, "image": None if pixels is None else png(pixels), "more": 1}


def write(folder: Path, *answers: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "answers.jsonl").write_text("".join(json.dumps(each) + "\n" for each in answers))
    return folder


def test_what_is_taken_and_what_is_left_out(archive: Archive, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "reviewed",
        answer("a", "motorcycle", colour(1)),
        answer("b", "none of these", colour(2)),
        answer("c", "bicycle", colour(3)),
        answer("c", "motorcycle", colour(3)),
        answer("d", "bicycle", colour(4)),
        answer("d", "bicycle", colour(4)),
        answer("e", None, colour(5)),
        answer("f", "bus", colour(6)),
        answer("g", "bicycle", None),
        answer("h", "bicycle", archive.test.images[0]),
        answer("i", "bicycle", archive.train.images[3]),
        answer("j", "bicycle", colour(1)),
    )
    found = read_reviewed(folder, archive, CLASSES, others=True)
    assert found.train.labels.tolist() == [1, 0]
    assert found.train.names.tolist() == ["reviewed/a", "reviewed/d"]
    assert found.train.images[:, 0, 0, 0].tolist() == [1, 4]
    assert found.others.names.tolist() == ["reviewed/b"]
    assert found.origin.taken == {"bicycle": 1, "motorcycle": 1, "none of these": 1}
    assert found.origin.left_out == {
        "in the archive": 1,
        "in the test set": 1,
        "more than once": 1,
        "nobody could tell": 1,
        "of another class": 1,
        "reviewers disagree": 1,
        "without a photo": 1,
    }
    assert len(found.origin.sha256) == 64


def test_a_large_photo_is_what_the_endpoint_makes_of_it(archive: Archive, tmp_path: Path) -> None:
    wide = np.zeros((64, 192, 3), np.uint8)
    wide[:, 64:128] = 200  # the square in the middle
    found = read_reviewed(write(tmp_path, answer("a", "bicycle", wide)), archive, CLASSES, others=True)
    assert found.train.images.shape == (1, 32, 32, 3)
    assert found.train.images.min() == 200


def test_a_model_that_knows_no_others_gets_none(archive: Archive, tmp_path: Path) -> None:
    found = read_reviewed(write(tmp_path, answer("a", "none of these", colour(1))), archive, CLASSES, others=False)
    assert (len(found.others.labels), found.origin.left_out) == (0, {"of another class": 1})


def test_none_without_a_file(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("nothing")
    for folder in (None, tmp_path):
        found = read_reviewed(folder, archive, CLASSES, others=True)
        assert (len(found.train.labels), found.origin.document["sha256"]) == (0, "")


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"execution": 1, "shown": "a", "image": null}',
             '{"execution": "a", "shown": 1, "image": null}', '{"execution": "a", "shown": "b", "image": "%"}'],
)  # fmt: skip
def test_a_line_that_is_no_answer_is_named(archive: Archive, tmp_path: Path, line: str) -> None:
    (tmp_path / "answers.jsonl").write_text(line + "\n")
    with pytest.raises(DatasetError, match=r"answers\.jsonl:1 is not the record of an answer"):
        read_reviewed(tmp_path, archive, CLASSES, others=True)


def test_the_job_adds_them_to_the_training_photos_alone(
    write_archive: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path / "reviewed", answer("a", "motorcycle", colour(1)), answer("b", "none of these", colour(2)))
    arguments = ["--archive", str(write_archive().parent), "--classes", "bicycle,motorcycle", "--others", "9"]
    prepare.main([*arguments, "--output", str(tmp_path / "without")])
    prepare.main([*arguments, "--output", str(tmp_path / "with"), "--reviewed", str(folder)])
    counts = {
        kind: [len(load_dataset(tmp_path / kind / name, fewest=0).labels) for name in ("train", "others", "test")]
        for kind in ("with", "without")
    }
    assert counts == {"with": [11, 2, 2], "without": [10, 1, 2]}
    manifest = load_manifest(tmp_path / "with" / "manifest")
    assert manifest.counts["train"] == {"bicycle": 5, "motorcycle": 6}
    assert manifest.reviewed["taken"] == {"bicycle": 0, "motorcycle": 1, "none of these": 1}
    assert load_manifest(tmp_path / "without" / "manifest").reviewed["sha256"] == ""
    assert "reviewed photos taken: 0 bicycle, 1 motorcycle, 1 none of these" in capsys.readouterr().out
