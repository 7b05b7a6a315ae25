"""A drift baseline from an archive: its photos of the classes, and those of everything else."""

from pathlib import Path

import numpy as np
import pytest

from pipelines.errors import DataError
from pipelines.operations.drift_baseline import labelled, make_baseline
from steps.dataset.archive import read_archive

CLASSES = ("motorcycle", "bicycle")  # not in the order of the archive's labels


def test_every_training_photo_is_of_a_class_or_of_something_else(generated_archive: Path) -> None:
    archive = read_archive(generated_archive)
    photos, others = labelled(generated_archive, CLASSES)
    assert photos.classes == CLASSES
    assert np.bincount(photos.labels).tolist() == [60, 60]
    of_class = archive.train.images[archive.train.labels == archive.fine_labels.index("motorcycle")]
    np.testing.assert_array_equal(photos.images[photos.labels == 0], of_class)
    assert 0 < len(others) == len(archive.train.labels) - 120


def test_a_class_that_the_archive_lacks(generated_archive: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no class 'unicycle'"):
        make_baseline(generated_archive, Path(), ("bicycle", "unicycle"), tmp_path / "baseline")
    assert not (tmp_path / "baseline").exists()
