"""Which photos are sent: from an archive or a folder, with and without shifts."""

import io
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipelines.data.generate import write_archive
from pipelines.errors import DataError
from pipelines.traffic.photos import Pool, Sent, Shift, choose, pool_of

CLASSES = ("bicycle", "motorcycle")


def plain(level: int) -> np.ndarray:
    return np.full((32, 32, 3), level, np.uint8)


POOL = Pool({"bicycle": [plain(10), plain(11)], "motorcycle": [plain(20)]}, [plain(200)])


def levels(pool: Pool, shift: Shift | None, count: int = 400, seed: int = 0) -> np.ndarray:
    """The first pixel's red of each photo that is sent."""
    sent = islice(choose(pool, shift, seed), count)
    return np.array([np.asarray(Image.open(io.BytesIO(each.content)))[0, 0, 0] for each in sent])


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "a.tar.gz"
    return write_archive(path, CLASSES, train_per_class=1, test_per_class=3)


def test_each_class_is_sent_as_often() -> None:
    sent = levels(POOL, None)
    assert set(sent) == {10, 11, 20}
    assert 0.4 < (sent == 20).mean() < 0.6


def test_the_same_seed_sends_the_same() -> None:
    assert (levels(POOL, None, seed=3) == levels(POOL, None, seed=3)).all()
    assert (levels(POOL, None, seed=3) != levels(POOL, None, seed=4)).any()


def test_all_photos_are_darker() -> None:
    bright = Pool({"bicycle": [plain(100)]}, [])
    assert set(levels(bright, Shift("dark", "strong"), 20)) == {20}


def test_a_share_of_the_photos_is_changed() -> None:
    red = np.zeros((32, 32, 3), np.uint8)
    red[..., 0] = 250
    sent = levels(Pool({"bicycle": [red]}, []), Shift("channel_order", "middle"))
    assert 0.3 < (sent == 0).mean() < 0.5


def test_a_photo_without_colour_is_still_sent_in_three() -> None:
    sent = next(choose(POOL, Shift("greyscale", "strong"), 0))
    assert Image.open(io.BytesIO(sent.content)).mode == "RGB"


def test_the_mix_of_classes_moves_to_the_first() -> None:
    assert 0.82 < (levels(POOL, Shift("class_mix", "middle")) < 20).mean() < 0.88


def test_a_share_shows_other_things() -> None:
    assert 0.3 < (levels(POOL, Shift("other_things", "middle")) == 200).mean() < 0.5
    assert (levels(POOL, Shift("other_things", "strong"), 20) == 200).all()


def test_one_photo_comes_again_and_again() -> None:
    photos = Pool({"bicycle": [plain(level) for level in range(200)]}, [])
    sent = levels(photos, Shift("duplicates", "strong"))
    assert 0.7 < (sent == sent[0]).mean() < 0.9


@pytest.mark.parametrize("name", ["class_mix", "other_things"])
def test_a_shift_that_lacks_photos_says_what_it_needs(name: str) -> None:
    with pytest.raises(DataError, match=f"{name} needs photos of"):
        next(choose(Pool({"bicycle": [plain(1)], "motorcycle": []}, []), Shift(name), 0))


def test_an_archive_has_classes_and_others(archive: Path) -> None:
    pool = pool_of(archive, CLASSES)
    assert [len(pool.classes[name]) for name in CLASSES] == [3, 3]
    assert pool.others
    known = [photo for photos in pool.classes.values() for photo in photos]
    assert not any(np.array_equal(photo, other) for photo in known for other in pool.others)


def test_files_of_a_folder_are_sent_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.JPG").write_bytes(b"not even a photo")
    (tmp_path / "notes.txt").write_text("left out")
    pool = pool_of(tmp_path, CLASSES)
    assert pool == Pool({"": [tmp_path / "deep" / "a.JPG"]}, [])
    assert next(choose(pool, None, 0)) == Sent(b"not even a photo", "image/jpeg")
    with pytest.raises(DataError, match=r"a\.JPG cannot be changed"):
        next(choose(pool, Shift("dark"), 0))


def test_folders_may_be_classes(tmp_path: Path) -> None:
    for name in ("bicycle", "motorcycle", "tree"):
        (tmp_path / name).mkdir()
        Image.fromarray(plain(len(name))).resize((90, 60)).save(tmp_path / name / "a.png")
    pool = pool_of(tmp_path, CLASSES)
    assert [len(pool.classes[name]) for name in CLASSES] == [1, 1]
    assert set(levels(pool, Shift("other_things", "strong"), 5)) == {4}
    sent = next(choose(pool, Shift("dark"), 0))
    assert Image.open(io.BytesIO(sent.content)).size == (32, 32)


def test_a_folder_without_photos(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no photos; .* of bicycle, motorcycle, or \.png, \.jpg, \.jpeg, \.webp"):
        pool_of(tmp_path, CLASSES)
