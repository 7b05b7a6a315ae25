"""Photos for the workflow come from the test split, balanced and always the same."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipelines.data.photos import export_photos
from pipelines.errors import DataError
from steps.dataset.archive import read_archive

CLASSES = ("motorcycle", "bicycle")


def test_balanced_and_in_turn(generated_archive: Path, tmp_path: Path) -> None:
    photos = export_photos(read_archive(generated_archive), CLASSES, 9, tmp_path / "photos")
    assert [photo.actual for photo in photos] == ["motorcycle", "bicycle"] * 4 + ["motorcycle"]
    assert Counter(path.suffix for path in (tmp_path / "photos").iterdir()) == {".png": 9}
    assert all(photo.path == tmp_path / f"photos/{photo.name}.png" for photo in photos)


def test_pixels_are_those_of_the_test_split(generated_archive: Path, tmp_path: Path) -> None:
    archive = read_archive(generated_archive)
    for photo in export_photos(archive, CLASSES, 6, tmp_path):
        row = archive.test.names.index(f"{photo.name}.png")
        assert np.array_equal(np.asarray(Image.open(photo.path)), archive.test.images[row])
        assert archive.fine_labels[archive.test.labels[row]] == photo.actual


def test_same_photos_every_time(generated_archive: Path, tmp_path: Path) -> None:
    archive = read_archive(generated_archive)
    first, again = (export_photos(archive, CLASSES, 8, tmp_path / name) for name in "ab")
    assert [photo.name for photo in first] == [photo.name for photo in again]


@pytest.mark.parametrize(
    ("classes", "count", "message"),
    [
        (CLASSES, 41, "has 40 test photos"),
        (("bicycle", "unicorn"), 2, "no class 'unicorn'"),
        (("bus",), 4, "has 3 test"),
    ],
)
def test_too_few_photos(
    generated_archive: Path, tmp_path: Path, classes: tuple[str, ...], count: int, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        export_photos(read_archive(generated_archive), classes, count, tmp_path / "photos")
    assert not (tmp_path / "photos").exists()


def test_real_photos(real_archive: Path, tmp_path: Path) -> None:
    photos = export_photos(read_archive(real_archive), ("bicycle", "motorcycle"), 40, tmp_path)
    assert Counter(photo.actual for photo in photos) == {"bicycle": 20, "motorcycle": 20}
    assert len(list(tmp_path.iterdir())) == 40
