"""The official CIFAR-100 archive: what the pickles in `cifar-100-python.tar.gz` hold.

Format: https://www.cs.toronto.edu/~kriz/cifar.html (A. Krizhevsky, 2009).
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from jobs.files import sha256_of
from steps.arrays import IMAGE_SIZE, Images, Labels
from steps.dataset.members import ARCHIVE_NAME, FOLDER, read_members
from steps.dataset.pickles import read_pickle
from steps.errors import ArchiveError

OFFICIAL_MD5 = {
    "train": "16019d7e3df5f24257cddd939b257f8d",
    "test": "f0ef6b0ae62326f3e7ffdfab6717acfc",
    "meta": "7973b15100ade9c7d40fb424638fde48",
}

__all__ = ["ARCHIVE_NAME", "FOLDER", "Archive", "Split", "read_archive"]

Checksum = Literal["official", "unknown"]


@dataclass(frozen=True)
class Split:
    """The training or test rows: images uint8 (N, 32, 32, 3) RGB, labels int64 (N,) of fine classes, file names."""

    images: Images
    labels: Labels
    names: tuple[str, ...]


@dataclass(frozen=True)
class Archive:
    """A whole archive; `checksum` is official when all three members are the published ones, byte for byte."""

    fine_labels: tuple[str, ...]
    train: Split
    test: Split
    sha256: str
    checksum: Checksum
    synthetic: bool


def read_archive(path: Path) -> Archive:
    """Read and check an archive; raises ArchiveError that names the file and the fault."""
    members = read_members(path, tuple(OFFICIAL_MD5))
    meta = _read_dictionary(members["meta"], path, "meta")
    fine_labels = _fine_labels(meta, path)
    return Archive(
        fine_labels=fine_labels,
        train=_split(members["train"], path, "train", len(fine_labels)),
        test=_split(members["test"], path, "test", len(fine_labels)),
        sha256=sha256_of(path),
        checksum=_checksum(members),
        synthetic=b"generator" in meta,
    )


def _read_dictionary(content: bytes, path: Path, member: str) -> dict[object, object]:
    value = read_pickle(content, f"{path}:{FOLDER}/{member}")
    if not isinstance(value, dict):
        raise ArchiveError(f"{path}:{FOLDER}/{member} holds a {type(value).__name__}, expected a dictionary.")
    return value


def _texts(value: object, what: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, bytes) for item in value):
        raise ArchiveError(f"{what} is missing or no list of byte strings.")
    return tuple(item.decode("utf-8", "replace") for item in value)


def _fine_labels(meta: dict[object, object], path: Path) -> tuple[str, ...]:
    what = f"{path}:{FOLDER}/meta: b'fine_label_names'"
    names = _texts(meta.get(b"fine_label_names"), what)
    if len(set(names)) != len(names):
        raise ArchiveError(f"{what} names a class twice.")
    return names


def _split(content: bytes, path: Path, member: str, classes: int) -> Split:
    source = f"{path}:{FOLDER}/{member}"
    rows = _read_dictionary(content, path, member)
    images = _images(rows.get(b"data"), source)
    labels = _labels(rows.get(b"fine_labels"), source, classes)
    names = _texts(rows.get(b"filenames"), f"{source}: b'filenames'")
    if not len(images) == len(labels) == len(names):
        raise ArchiveError(f"{source} has {len(images)} images, {len(labels)} fine labels and {len(names)} names.")
    return Split(images, labels, names)


def _images(data: object, source: str) -> Images:
    row = 3 * IMAGE_SIZE**2
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.ndim != 2 or data.shape[1] != row:
        found = f"{data.dtype} {data.shape}" if isinstance(data, np.ndarray) else type(data).__name__
        raise ArchiveError(f"{source}: b'data' is {found}, expected uint8 (N, {row}).")
    planes = data.reshape(-1, 3, IMAGE_SIZE, IMAGE_SIZE)
    return np.ascontiguousarray(planes.transpose(0, 2, 3, 1))


def _labels(value: object, source: str, classes: int) -> Labels:
    if not isinstance(value, list) or not all(type(item) is int for item in value):
        raise ArchiveError(f"{source}: b'fine_labels' is missing or no list of whole numbers.")
    for label in value:
        if not 0 <= label < classes:
            raise ArchiveError(f"{source}: b'fine_labels' holds {label}, and meta names only 0 to {classes - 1}.")
    return np.array(value, dtype=np.int64)


def _checksum(members: dict[str, bytes]) -> Checksum:
    digests = {name: hashlib.md5(content, usedforsecurity=False).hexdigest() for name, content in members.items()}
    return "official" if digests == OFFICIAL_MD5 else "unknown"
