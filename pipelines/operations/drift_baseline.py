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
        photos, others = labelled(archive, classes) if archive else (read_training_images(images, images), None)
        write_baseline(photos, others, output)
    except (MonitoringError, StepError) as error:
        raise DataError(str(error)) from error
    return len(photos.images)


def labelled(archive: Path, classes: Sequence[str]) -> tuple["Labelled", "Pixels"]:
    """The training photos of the classes, and those of all other classes. Raises StepError."""
    from monitoring.features.training_images import Labelled
    from steps.dataset.archive import read_archive
    from steps.prepare import select, select_others

    found = read_archive(archive)
    train, names = found.train, found.fine_labels
    own, others = select(train, names, classes), select_others(train, names, classes, most=len(train.labels))
    return Labelled(own.images, own.labels, tuple(classes)), others.images
