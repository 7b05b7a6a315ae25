"""Exports photos from an archive's test split, to be sent through the inference workflow."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from pipelines.errors import DataError
from steps.arrays import Labels
from steps.dataset.archive import Archive


@dataclass(frozen=True)
class Photo:
    """A PNG file. `actual` is its class, and `name` its file name in the archive without the suffix."""

    path: Path
    actual: str
    name: str


def export_photos(archive: Archive, classes: Sequence[str], count: int, folder: Path) -> list[Photo]:
    """Writes `count` test photos as PNG files: the first one of each class, then the second one of each, and so on.

    Raises DataError if the archive has too few photos; nothing is then written.
    """
    rows = _interleaved(archive.test.labels, [_label(archive, name) for name in classes])
    if count > len(rows):
        raise DataError(
            f"The archive has {len(rows)} test photos, equally many of {', '.join(classes)}, but workflow.photos is "
            f"{count}. Choose a smaller number."
        )
    folder.mkdir(parents=True, exist_ok=True)
    return [_export(archive, row, folder) for row in rows[:count]]


def _label(archive: Archive, name: str) -> int:
    if name not in archive.fine_labels:
        raise DataError(f"The archive has no class '{name}'. Its classes are: {', '.join(archive.fine_labels)}.")
    return archive.fine_labels.index(name)


def _interleaved(labels: Labels, wanted: Sequence[int]) -> list[int]:
    """Row numbers of the wanted labels in turn, until one of the labels has no more rows."""
    by_class = [np.flatnonzero(labels == label).tolist() for label in wanted]
    return [row for turn in zip(*by_class, strict=False) for row in turn]


def _export(archive: Archive, row: int, folder: Path) -> Photo:
    name = Path(archive.test.names[row]).stem
    path = folder / f"{name}.png"
    Image.fromarray(archive.test.images[row]).save(path)
    return Photo(path, archive.fine_labels[archive.test.labels[row]], name)
