"""Writes an archive of drawn vehicles and other things in CIFAR-100's format.

Its member `meta` says that it is generated. Cars and vans, which CIFAR-100 lacks, follow its 100 labels.
"""

import gzip
import io
import math
import pickle
import tarfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from pipelines.data.drawing.scene import OTHERS, PAINTERS, draw_photo
from pipelines.errors import DataError
from pipelines.settings.cifar100 import FINE_LABELS
from steps.dataset.archive import FOLDER

GENERATOR = b"pipelines.data.generate"
PICKLE_PROTOCOL = 2  # as in the official archive

LABELS = (*FINE_LABELS, *(name for name in OTHERS if name not in FINE_LABELS))
OTHERS_SHARE = 1 / 8  # photos of each other thing, for each photo of a class

# Coarse labels of what can be drawn, and names of all twenty coarse labels (A. Krizhevsky, 2009).
COARSE_LABELS = {
    "bicycle": 18,
    "bus": 18,
    "motorcycle": 18,
    "pickup_truck": 18,
    "streetcar": 19,
    "car": 18,
    "van": 18,
    "maple_tree": 17,
    "pine_tree": 17,
    "man": 14,
    "road": 9,
}
_COARSE_NAMES = """
aquatic_mammals fish flowers food_containers fruit_and_vegetables household_electrical_devices household_furniture
insects large_carnivores large_man-made_outdoor_things large_natural_outdoor_scenes large_omnivores_and_herbivores
medium_mammals non-insect_invertebrates people reptiles small_mammals trees vehicles_1 vehicles_2
"""
COARSE_NAMES = tuple(_COARSE_NAMES.split())


def write_archive(
    path: Path, classes: Sequence[str], train_per_class: int = 400, test_per_class: int = 100, seed: int = 7
) -> Path:
    """Draws the classes, and some of everything else, and writes the archive to `path`, which is also returned.

    The same arguments give the same bytes. Raises DataError for a class that cannot be drawn; nothing is then written.
    """
    for name in classes:
        if name not in PAINTERS:
            raise DataError(
                f"The class '{name}' cannot be drawn. Use one of {', '.join(PAINTERS)}, or the official archive."
            )
    train_rng, test_rng = np.random.default_rng(seed).spawn(2)
    members = {
        "meta": _meta(),
        "train": _split(classes, train_per_class, train_rng, "training batch 1 of 1"),
        "test": _split(classes, test_per_class, test_rng, "testing batch 1 of 1"),
    }
    partial = path.with_name(f".{path.name}.partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        partial.write_bytes(_pack(members))
        return partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _meta() -> dict[bytes, object]:
    return {
        b"fine_label_names": [name.encode() for name in LABELS],
        b"coarse_label_names": [name.encode() for name in COARSE_NAMES],
        b"generator": GENERATOR,
    }


def _split(classes: Sequence[str], per_class: int, rng: np.random.Generator, batch: str) -> dict[bytes, object]:
    """One split in random order, with the keys of the official archive."""
    others = [name for name in (*PAINTERS, *OTHERS) if name not in classes]
    rows = [(name, index) for name in classes for index in range(per_class)]
    rows += [(name, index) for name in others for index in range(math.ceil(OTHERS_SHARE * per_class))]
    rows = [rows[position] for position in rng.permutation(len(rows))]
    images = np.stack([draw_photo(name, rng) for name, _ in rows])
    return {
        b"filenames": [f"{name}_g_{index:06d}.png".encode() for name, index in rows],
        b"batch_label": batch.encode(),
        b"fine_labels": [LABELS.index(name) for name, _ in rows],
        b"coarse_labels": [COARSE_LABELS[name] for name, _ in rows],
        b"data": np.ascontiguousarray(images.transpose(0, 3, 1, 2)).reshape(len(rows), -1),
    }


def _pack(members: dict[str, dict[bytes, object]]) -> bytes:
    """Packs a .tar.gz without times and owners, so that the same rows give the same bytes."""
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(filename="", fileobj=buffer, mode="wb", mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for name, content in members.items():
            body = pickle.dumps(content, protocol=PICKLE_PROTOCOL)
            entry = tarfile.TarInfo(f"{FOLDER}/{name}")
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))
    return buffer.getvalue()
