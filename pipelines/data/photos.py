"""Takes photos out of an archive's test split, to send through the inference workflow."""

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
    """A PNG file, the class that the archive says it shows, and its name there without the suffix."""

    path: Path
    actual: str
    name: str


def export_photos(archive: Archive, classes: Sequence[str], count: int, folder: Path) -> list[Photo]:
    """Write the first `count` test photos of these classes as PNG, one class after the other in turn.

    Raises DataError, before anything is written, where the archive has too few.
    """
    rows = _interleaved(archive.test.labels, [_label(archive, name) for name in classes])
    if count > len(rows):
        raise DataError(
            f"The archive has {len(rows)} test photos of {', '.join(classes)} in equal numbers, and workflow.photos "
            f"asks for {count}. Ask for fewer."
        )
    folder.mkdir(parents=True, exist_ok=True)
    return [_export(archive, row, folder) for row in rows[:count]]


def _label(archive: Archive, name: str) -> int:
    if name not in archive.fine_labels:
        raise DataError(f"The archive has no class '{name}'. Its classes are: {', '.join(archive.fine_labels)}.")
    return archive.fine_labels.index(name)


def _interleaved(labels: Labels, wanted: Sequence[int]) -> list[int]:
    """Rows of the wanted labels in turn, as long as each has one left."""
    by_class = [np.flatnonzero(labels == label).tolist() for label in wanted]
    return [row for turn in zip(*by_class, strict=False) for row in turn]


def _export(archive: Archive, row: int, folder: Path) -> Photo:
    name = Path(archive.test.names[row]).stem
    path = folder / f"{name}.png"
    Image.fromarray(archive.test.images[row]).save(path)
    return Photo(path, archive.fine_labels[archive.test.labels[row]], name)
