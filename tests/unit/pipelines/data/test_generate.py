"""The generated archive: official in format, honest about its origin, the same for the same seed."""

import gzip
import tarfile
from pathlib import Path

import numpy as np
import pytest

from pipelines.data.drawing.scene import OTHERS, PAINTERS, draw_photo
from pipelines.data.generate import COARSE_LABELS, COARSE_NAMES, write_archive
from pipelines.errors import DataError
from pipelines.settings.cifar100 import FINE_LABELS
from steps.dataset.archive import read_archive
from steps.dataset.pickles import read_pickle

VEHICLES = ("bicycle", "motorcycle", "bus", "pickup_truck", "streetcar")


@pytest.mark.parametrize("thing", [*VEHICLES, *OTHERS])
def test_photos_vary(thing: str) -> None:
    generator = np.random.default_rng(0)
    photos = [draw_photo(thing, generator) for _ in range(8)]
    assert all(photo.shape == (32, 32, 3) and photo.dtype == np.uint8 for photo in photos)
    assert all(photo.std() > 5 for photo in photos)
    assert len({photo.tobytes() for photo in photos}) == 8


def test_reads_like_the_official_archive(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "new/cifar-100-python.tar.gz", VEHICLES, train_per_class=6, test_per_class=3)
    archive = read_archive(path)
    assert archive.fine_labels == (*FINE_LABELS, "car", "van")  # the latter CIFAR-100 does not have
    assert archive.synthetic
    assert archive.checksum == "unknown"
    for name in VEHICLES:
        label = FINE_LABELS.index(name)
        assert ((archive.train.labels == label).sum(), (archive.test.labels == label).sum()) == (6, 3)
        named = {text for text, value in zip(archive.train.names, archive.train.labels, strict=True) if value == label}
        assert {text.partition("_g_")[0] for text in named} == {name}
    others = {name: archive.fine_labels.index(name) for name in OTHERS}
    assert {(archive.train.labels == label).sum() for label in others.values()} == {1}
    assert len({image.tobytes() for image in [*archive.train.images, *archive.test.images]}) == 45 + 2 * len(others)


def test_vehicles_of_other_classes_are_drawn_among_the_other_things(generated_archive: Path) -> None:
    archive = read_archive(generated_archive)
    for split, classes, others in ((archive.train, 60, 8), (archive.test, 20, 3)):
        counts = {name: int((split.labels == label).sum()) for label, name in enumerate(archive.fine_labels)}
        drawn = {name: count for name, count in counts.items() if count}
        few = [name for name in (*VEHICLES, *OTHERS) if name not in ("bicycle", "motorcycle")]
        assert drawn == {"bicycle": classes, "motorcycle": classes} | dict.fromkeys(few, others)


def test_members_have_the_official_keys(generated_archive: Path) -> None:
    with tarfile.open(generated_archive) as tar:
        members = {entry.name: entry for entry in tar}
        assert set(members) == {f"cifar-100-python/{name}" for name in ("meta", "train", "test")}
        meta, train = (
            read_pickle(tar.extractfile(f"cifar-100-python/{name}").read(), name)  # type: ignore[union-attr]
            for name in ("meta", "train")
        )
    assert isinstance(meta, dict)
    assert isinstance(train, dict)
    assert set(train) == {b"filenames", b"batch_label", b"fine_labels", b"coarse_labels", b"data"}
    assert set(meta) == {b"fine_label_names", b"coarse_label_names", b"generator"}
    assert len(COARSE_NAMES) == 20
    assert {COARSE_NAMES[COARSE_LABELS[name]] for name in VEHICLES} == {"vehicles_1", "vehicles_2"}
    assert COARSE_NAMES[COARSE_LABELS["man"]] == "people"


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    first, again, other = (
        write_archive(tmp_path / f"{name}.tar.gz", ("bicycle", "motorcycle"), 3, 2, seed).read_bytes()
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first == again
    assert first != other
    assert b"a.tar" not in first
    assert b"root" not in gzip.decompress(first)


def test_class_that_cannot_be_drawn(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'apple' cannot be drawn. Use one of bicycle, motorcycle, bus"):
        write_archive(tmp_path / "a.tar.gz", ("bicycle", "apple"))
    assert list(tmp_path.iterdir()) == []
    assert set(PAINTERS) == set(VEHICLES) == set(COARSE_LABELS) - set(OTHERS)


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    (tmp_path / "a.tar.gz").mkdir()  # where the archive should go
    with pytest.raises(OSError, match=r"a.tar.gz"):
        write_archive(tmp_path / "a.tar.gz", ("bicycle", "motorcycle"), 2, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["a.tar.gz"]
