"""The archive's pixels, labels and names are read, and wrong contents are told apart."""

import io
from pathlib import Path

import numpy as np
import pytest
from unit.steps.dataset.splits import WriteArchive, split

from steps.dataset.archive import read_archive
from steps.errors import ArchiveError


@pytest.mark.parametrize("protocol", [2, 4])
def test_reads_pixels_as_rows_of_rgb(write_archive: WriteArchive, protocol: int) -> None:
    data = np.arange(3072, dtype=np.int64).astype(np.uint8)[np.newaxis]
    archive = read_archive(write_archive(protocol, test=split(data=data, fine_labels=[2], filenames=[b"bike_s_1.png"])))
    assert archive.fine_labels == ("apple", "bicycle", "motorcycle")
    assert archive.test.names == ("bike_s_1.png",)
    assert archive.test.labels.tolist() == [2]
    assert archive.test.images.shape == (1, 32, 32, 3)
    red, green, blue = (plane * 1024 + 5 * 32 + 7 for plane in range(3))
    assert archive.test.images[0, 5, 7].tolist() == [red % 256, green % 256, blue % 256]
    assert not archive.synthetic
    assert archive.checksum == "unknown"


def test_generated_archives_say_so(generated_archive: Path) -> None:
    assert read_archive(generated_archive).synthetic


def test_real_archive(real_archive: Path) -> None:
    archive = read_archive(real_archive)
    assert len(archive.fine_labels) == 100
    assert (archive.train.labels == archive.fine_labels.index("motorcycle")).sum() == 400
    assert archive.checksum == "unknown"  # a part of the official one
    assert not archive.synthetic


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"data": np.zeros((2, 3071), np.uint8)}, r"b'data' is uint8 \(2, 3071\), expected uint8 \(N, 3072\)"),
        ({"data": np.zeros((2, 3072), np.float32)}, "b'data' is float32"),
        ({"data": np.zeros((2, 3, 32, 32), np.uint8)}, "b'data' is uint8"),
        ({"data": [1, 2]}, "b'data' is list"),
        ({"data": np.zeros((3, 3072), np.uint8)}, "3 images, 2 fine labels and 2 names"),
        ({"fine_labels": [1, 3]}, "holds 3, and meta names only 0 to 2"),
        ({"fine_labels": [-1, 1]}, "holds -1"),
        ({"fine_labels": ["1", "2"]}, "no list of whole numbers"),
        ({"fine_labels": None}, "b'fine_labels' is missing"),
        ({"filenames": ["a.png", "b.png"]}, "b'filenames' is missing or no list of byte strings"),
    ],
)
def test_wrong_contents(write_archive: WriteArchive, change: dict[str, object], message: str) -> None:
    with pytest.raises(ArchiveError, match=f"cifar-100-python/test.*{message}"):
        read_archive(write_archive(test=split(**change)))


def test_wrong_meta(write_archive: WriteArchive) -> None:
    with pytest.raises(ArchiveError, match="names a class twice"):
        read_archive(write_archive(meta={b"fine_label_names": [b"apple", b"apple"]}))
    with pytest.raises(ArchiveError, match="holds a list, expected a dictionary"):
        read_archive(write_archive(meta=[]))
    with pytest.raises(ArchiveError, match="not a readable pickle"):
        read_archive(write_archive(meta=io.BytesIO(b"\x80\x02").getvalue()))
