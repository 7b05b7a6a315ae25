"""The files that PrepareData hands to training and evaluation: `data.npz` and `manifest.json`."""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobs.files import write_json
from steps.arrays import IMAGE_SIZE, Images, Labels
from steps.errors import DatasetError

DATA_NAME = "data.npz"
MANIFEST_NAME = "manifest.json"


@dataclass(frozen=True)
class Dataset:
    """One split: images uint8 (N, 32, 32, 3) RGB, labels int64 (N,) index into the classes, names unicode (N,)."""

    images: Images
    labels: Labels
    names: NDArray[np.str_]

    def take(self, rows: NDArray[np.intp]) -> "Dataset":
        """The images at these rows, in this order."""
        return Dataset(self.images[rows], self.labels[rows], self.names[rows])

    def counts(self, classes: Iterable[str]) -> dict[str, int]:
        """Number of images of each class."""
        return {name: int((self.labels == index).sum()) for index, name in enumerate(classes)}

    def save(self, path: Path) -> None:
        """Write `data.npz`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, images=self.images, labels=self.labels, names=self.names)


@dataclass(frozen=True)
class Manifest:
    """Contents and origin of the splits; the fields are those of `manifest.json`.

    `reviewed` says how many photos that people reviewed are trained on, and how many were left out, and why.
    """

    classes: tuple[str, ...]
    image_size: int
    counts: Mapping[str, Mapping[str, int]]
    archive_sha256: str
    data_digest: str
    synthetic: bool
    checksum: str
    reviewed: Mapping[str, Any] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write `manifest.json`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, asdict(self))


def digest(splits: Iterable[Dataset]) -> str:
    """SHA-256, in hex, of the arrays of the splits in order."""
    total = hashlib.sha256()
    for split in splits:
        total.update(split.images.tobytes())
        total.update(split.labels.tobytes())
        total.update("\n".join(split.names).encode())
    return total.hexdigest()


def load_dataset(folder: Path, classes: int | None = None, fewest: int = 1) -> Dataset:
    """Read and check `FOLDER/data.npz`: at least so many images, with labels below `classes` if that is given.

    Raises DatasetError.
    """
    path = folder / DATA_NAME
    try:
        with np.load(path, allow_pickle=False) as arrays:
            dataset = Dataset(arrays["images"], arrays["labels"], arrays["names"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DatasetError(f"{path} is not a data file of PrepareData: {error}") from error
    _check(dataset, classes, fewest, path)
    return dataset


def _check(dataset: Dataset, classes: int | None, fewest: int, path: Path) -> None:
    images, labels = dataset.images, dataset.labels
    if images.dtype != np.uint8 or images.shape[1:] != (IMAGE_SIZE, IMAGE_SIZE, 3) or len(images) < fewest:
        raise DatasetError(
            f"{path}: images is {images.dtype} {images.shape}, expected uint8 (N, 32, 32, 3), N ≥ {fewest}"
        )
    if labels.dtype != np.int64 or labels.shape != (len(images),) or dataset.names.shape != (len(images),):
        raise DatasetError(f"{path}: labels and names do not belong to {len(images)} images")
    if len(labels) and (labels.min() < 0 or (classes is not None and labels.max() >= classes)):
        last = "" if classes is None else f" to {classes - 1}"
        raise DatasetError(f"{path}: labels go from {labels.min()} to {labels.max()}, expected 0{last}")


def load_manifest(folder: Path) -> Manifest:
    """Read `FOLDER/manifest.json`; raises DatasetError."""
    path = folder / MANIFEST_NAME
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DatasetError(f"{path} is not a manifest of PrepareData: {error}") from error
    names = {each.name for each in fields(Manifest)}
    if not isinstance(values, dict) or set(values) != names:
        raise DatasetError(f"{path} must have exactly the keys {', '.join(sorted(names))}")
    return Manifest(**values | {"classes": tuple(values["classes"])})
