"""The data files are checked when they are read."""

from pathlib import Path

import numpy as np
import pytest

from steps.dataset.files import Dataset, Manifest, load_dataset, load_manifest
from steps.errors import DatasetError


def test_round_trip(dataset: Dataset, tmp_path: Path) -> None:
    dataset.save(tmp_path / "data.npz")
    read = load_dataset(tmp_path, 2)
    assert np.array_equal(read.images, dataset.images)
    assert read.names.tolist() == dataset.names.tolist()


def test_manifest_round_trip(manifest: Manifest, tmp_path: Path) -> None:
    manifest.save(tmp_path / "manifest.json")
    assert load_manifest(tmp_path) == manifest


@pytest.mark.parametrize("text", ["", "[]", '{"classes": []}'])
def test_bad_manifest(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(DatasetError, match=r"manifest.json"):
        load_manifest(tmp_path)


def test_bad_files(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"data.npz is not a data file"):
        load_dataset(tmp_path, 2)
    (tmp_path / "data.npz").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(DatasetError, match=r"data.npz is not a data file"):
        load_dataset(tmp_path, 2)
    np.savez(tmp_path / "data.npz", images=dataset.images, labels=dataset.labels)
    with pytest.raises(DatasetError, match="names"):
        load_dataset(tmp_path, 2)
    np.savez(tmp_path / "data.npz", images=np.array([{}], dtype=object), labels=dataset.labels, names=dataset.names)
    with pytest.raises(DatasetError, match="not a data file"):
        load_dataset(tmp_path, 2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.zeros((6, 28, 28, 3), np.uint8)}, r"\(6, 28, 28, 3\)"),
        ({"images": np.zeros((0, 32, 32, 3), np.uint8)}, "N ≥ 1"),
        ({"labels": np.zeros(5, np.int64)}, "do not belong to 6 images"),
        ({"labels": np.full(6, 2)}, "labels go from 2 to 2, expected 0 to 1"),
    ],
)
def test_arrays_that_break_the_contract(
    dataset: Dataset, tmp_path: Path, change: dict[str, np.ndarray], message: str
) -> None:
    arrays = {"images": dataset.images, "labels": dataset.labels, "names": dataset.names} | change
    np.savez(tmp_path / "data.npz", **arrays)
    with pytest.raises(DatasetError, match=message):
        load_dataset(tmp_path, 2)
