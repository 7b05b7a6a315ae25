"""Selection by fine label, and files that are whole or not there."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from jobs.entry_point import run_job
from steps import prepare
from steps.dataset.archive import Split, read_archive
from steps.dataset.files import load_dataset, load_manifest
from steps.errors import StepError

NAMES = ("apple", "bicycle", "motorcycle")


def run(archive: Path, output: Path, classes: str = "bicycle,motorcycle") -> None:
    """PrepareData as the pipeline starts it."""
    prepare.main(["--archive", str(archive.parent), "--output", str(output), "--classes", classes, "--others", "9"])


def test_selects_by_fine_label_in_the_order_of_the_configuration() -> None:
    images = np.arange(4, dtype=np.uint8).repeat(3072).reshape(4, 32, 32, 3)
    names = ("bike_s_1.png", "apple.png", "bike_s_2.png", "x.png")
    chosen = prepare.select(Split(images, np.array([2, 0, 1, 2]), names), NAMES, ("motorcycle", "bicycle"))
    assert chosen.labels.tolist() == [0, 1, 0]
    assert chosen.names.tolist() == ["bike_s_1.png", "bike_s_2.png", "x.png"]
    assert chosen.images[:, 0, 0, 0].tolist() == [0, 2, 3]


def test_writes_what_the_contract_says(generated_archive: Path, tmp_path: Path) -> None:
    run(generated_archive, tmp_path / "out")
    assert sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.*")) == [
        "manifest/manifest.json", "others/data.npz", "others_test/data.npz", "test/data.npz", "train/data.npz",
    ]  # fmt: skip
    manifest = json.loads((tmp_path / "out/manifest/manifest.json").read_text())
    assert manifest["counts"] == {
        "train": {"bicycle": 60, "motorcycle": 60},
        "test": {"bicycle": 20, "motorcycle": 20},
    }
    assert manifest["synthetic"] is True
    assert manifest["checksum"] == "unknown"
    with np.load(tmp_path / "out/train/data.npz", allow_pickle=False) as arrays:
        assert {name: (arrays[name].dtype.kind, arrays[name].shape) for name in arrays} == {
            "images": ("u", (120, 32, 32, 3)), "labels": ("i", (120,)), "names": ("U", (120,)),
        }  # fmt: skip


def test_other_classes_are_balanced_and_the_first_of_each() -> None:
    labels = np.array([0, 0, 1, 0, 3, 2, 3, 0])
    split = Split(np.zeros((8, 32, 32, 3), np.uint8), labels, tuple(f"{row}.png" for row in range(8)))
    names = (*NAMES, "bus")
    chosen = prepare.select_others(split, names, ("motorcycle", "bicycle"), 3)
    assert (chosen.labels.tolist(), chosen.names.tolist()) == ([0, 0, 3], ["0.png", "1.png", "4.png"])
    assert prepare.select_others(split, names, ("motorcycle", "bicycle"), 99).labels.tolist() == [0, 0, 0, 3, 3, 0]
    assert len(prepare.select_others(split, names, names, 99).labels) == 0


def test_other_classes_of_both_splits(write_archive: Callable[..., Path], tmp_path: Path) -> None:
    run(write_archive(), tmp_path / "out")
    for name, photo in (("others", "image_10.png"), ("others_test", "image_0.png")):  # the apples
        assert load_dataset(tmp_path / "out" / name).names.tolist() == [photo]
    assert load_manifest(tmp_path / "out/manifest").counts.keys() == {"train", "test"}


def test_test_rows_come_from_the_test_split_only(generated_archive: Path, tmp_path: Path) -> None:
    run(generated_archive, tmp_path)
    archive = read_archive(generated_archive)
    test = load_dataset(tmp_path / "test", 2)
    shown = np.isin(archive.test.labels, [archive.fine_labels.index(name) for name in ("bicycle", "motorcycle")])
    assert {image.tobytes() for image in test.images} == {image.tobytes() for image in archive.test.images[shown]}


def test_same_data_same_bytes(generated_archive: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(generated_archive, tmp_path / name)
    for path in (tmp_path / "a").rglob("*.*"):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes()
    run(generated_archive, tmp_path / "c", "motorcycle,bicycle")
    digests = {load_manifest(tmp_path / name / "manifest").data_digest for name in "abc"}
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("classes", "message"),
    [("bicycle,unicorn", "no class 'unicorn'"), ("bicycle,tractor", "no images of 'tractor'")],
)
def test_class_that_is_not_there(
    generated_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], classes: str, message: str
) -> None:
    status = run_job(lambda: run(generated_archive, tmp_path / "out", classes), StepError, tmp_path / "message")
    assert status == 1
    assert message in capsys.readouterr().err
    assert message in (tmp_path / "message").read_text()
    assert not (tmp_path / "out").exists()


def test_nothing_half_written_stays(
    write_archive: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = write_archive()
    monkeypatch.setattr(np, "savez_compressed", _full_disk)
    with pytest.raises(OSError, match="No space left"):
        run(archive, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def _full_disk(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("classes", ["bicycle", "bicycle,bicycle", "bicycle,"])
def test_bad_options(generated_archive: Path, tmp_path: Path, classes: str) -> None:
    with pytest.raises(SystemExit):
        run(generated_archive, tmp_path, classes)
