"""Makes a drift baseline from labelled photos on this machine."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import DataError

if TYPE_CHECKING:
    from monitoring.features.pixels import Pixels
    from monitoring.features.training_images import Labelled


def make_baseline(archive: Path | None, images: Path, classes: Sequence[str], output: Path) -> int:
    """Writes a drift baseline from an archive or else from PrepareData's files; returns the number of photos.

    The archive's other classes say what photos of other things look like. Raises DataError.
    """
    from monitoring.errors import MonitoringError
    from monitoring.features.training_images import read_training_images
    from monitoring.suggest_baseline import write_baseline
    from steps.errors import StepError

    try:
        photos, others = _labelled(archive, classes) if archive else (read_training_images(images, images), None)
        write_baseline(photos, others, output)
    except (MonitoringError, StepError) as error:
        raise DataError(str(error)) from error
    return len(photos.images)


def _labelled(archive: Path, classes: Sequence[str]) -> tuple["Labelled", "Pixels"]:
    """The training photos of the classes, and those of all other classes. Raises StepError and DataError."""
    import numpy as np

    from monitoring.features.training_images import Labelled
    from steps.dataset.archive import read_archive

    found = read_archive(archive)
    if missing := [name for name in classes if name not in found.fine_labels]:
        raise DataError(f"{archive} has no class '{missing[0]}'.")
    place = np.full(len(found.fine_labels), -1)
    place[[found.fine_labels.index(name) for name in classes]] = np.arange(len(classes))
    images, labels = found.train.images, place[found.train.labels]
    own = labels >= 0
    return Labelled(images[own], labels[own], tuple(classes)), images[~own]
