"""Fixtures for the steps."""

import gzip
import io
import pickle
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import torch

from steps.arrays import Images
from steps.classifier.classifier import Classifier
from steps.classifier.model_info import ModelInfo
from steps.dataset.files import Dataset, Manifest
from steps.network.architecture import Network
from steps.network.description import Architecture, Normalisation

CLASSES = ("bicycle", "motorcycle")
NAMES = [b"apple", b"bicycle", b"motorcycle"]


def rows(labels: list[int], seed: int = 0) -> dict[bytes, object]:
    """A split of the archive with random pixels."""
    data = np.random.default_rng(seed).integers(0, 256, (len(labels), 3072), dtype=np.uint8)
    names = [f"image_{index}.png".encode() for index in range(len(labels))]
    return {b"filenames": names, b"fine_labels": labels, b"coarse_labels": labels, b"data": data}


def archive_members() -> dict[str, object]:
    """The members of a small, sound archive: five bicycles and five motorcycles to train on, one of each to test."""
    return {
        "meta": {b"fine_label_names": NAMES},
        "train": rows([1, 2] * 5 + [0]),
        "test": rows([0, 1, 2], seed=1),
    }


def pack(members: Mapping[str, bytes]) -> bytes:
    """A .tar.gz of files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


@pytest.fixture
def write_archive(tmp_path: Path) -> Callable[..., Path]:
    """Writes a sound archive with some members replaced; `None` leaves one out, bytes stay as they are."""

    def write(protocol: int = 2, **changes: object) -> Path:
        members = {name: value for name, value in (archive_members() | changes).items() if value is not None}
        content = {
            f"cifar-100-python/{name}": value if isinstance(value, bytes) else pickle.dumps(value, protocol=protocol)
            for name, value in members.items()
        }
        path = tmp_path / "archive" / "cifar-100-python.tar.gz"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(pack(content))
        return path

    return write


@pytest.fixture(scope="session")
def images() -> Images:
    """Six random photos."""
    return np.random.default_rng(5).integers(0, 256, (6, 32, 32, 3), dtype=np.uint8)


@pytest.fixture
def dataset(images: Images) -> Dataset:
    """Six random photos of two classes."""
    return Dataset(images, np.array([0, 1, 0, 1, 0, 1]), np.array([f"{index}.png" for index in range(6)]))


@pytest.fixture
def manifest() -> Manifest:
    """A manifest as PrepareData writes it."""
    counts = {split: dict.fromkeys(CLASSES, 3) for split in ("train", "test")}
    return Manifest(CLASSES, 32, counts, "a" * 64, "d" * 64, synthetic=False, checksum="unknown")


@pytest.fixture(scope="session")
def model_info() -> ModelInfo:
    """The description of a small model."""
    return ModelInfo(
        classes=CLASSES,
        image_size=32,
        architecture=Architecture(width=4, classes=2),
        networks=2,
        folds=3,
        normalisation=Normalisation((0.5, 0.5, 0.5), (0.25, 0.25, 0.25)),
        temperature=0.8,
        threshold=0.7,
        target_precision=0.98,
        target_confidence=0.9,
        data_digest="d" * 64,
        synthetic=False,
        code_digest="c" * 16,
        model_version="job-1",
        seed=7,
        validation={"accuracy": 0.9, "log_loss": 0.3, "coverage": 0.6, "accuracy_of_accepted": 0.99, "images": 800},
    )


@pytest.fixture(scope="session")
def classifier(model_info: ModelInfo) -> Classifier:
    """An untrained classifier of two networks."""
    torch.manual_seed(0)
    return Classifier(tuple(Network(model_info.architecture) for _ in range(model_info.networks)), model_info)


def gunzip(path: Path) -> bytes:
    """The tar inside an archive."""
    return gzip.decompress(path.read_bytes())
