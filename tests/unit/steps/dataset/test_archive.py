"""The archive is read safely, and every damage is told apart."""

import contextlib
import io
import pickle
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from steps.dataset.archive import read_archive
from steps.dataset.pickles import read_pickle
from steps.errors import ArchiveError, UnsafePickleError

WriteArchive = Callable[..., Path]


def split(**changes: object) -> dict[bytes, object]:
    """A split of two rows with some keys replaced."""
    sound: dict[bytes, object] = {
        b"filenames": [b"a.png", b"b.png"],
        b"fine_labels": [1, 2],
        b"data": np.zeros((2, 3072), np.uint8),
    }
    return sound | {key.encode(): value for key, value in changes.items()}


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


def test_reads_pickles_of_python_2_and_numpy_1() -> None:
    # What Python 2 and numpy 1 wrote for {'data': numpy.zeros(2, 'uint8')}: text keys, which become bytes.
    old = (
        b"\x80\x02}q\x00U\x04dataq\x01cnumpy.core.multiarray\n_reconstruct\nq\x02cnumpy\nndarray\nq\x03K\x00\x85q\x04"
        b"U\x01bq\x05\x87q\x06Rq\x07(K\x01K\x02\x85q\x08cnumpy\ndtype\nq\tU\x02u1q\nK\x00K\x01\x87q\x0bRq\x0c(K\x03"
        b"U\x01|q\rNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x0eb\x89U\x02\x05\x06q\x0ftq\x10bs."
    )
    value = read_pickle(old, "old")
    assert isinstance(value, dict)
    assert value[b"data"].tolist() == [5, 6]


def test_generated_archives_say_so(generated_archive: Path) -> None:
    assert read_archive(generated_archive).synthetic


def test_real_archive(real_archive: Path) -> None:
    archive = read_archive(real_archive)
    assert len(archive.fine_labels) == 100
    assert (archive.train.labels == archive.fine_labels.index("motorcycle")).sum() == 400
    assert archive.checksum == "unknown"  # a part of the official one
    assert not archive.synthetic


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"no archive at .*nothing.tar.gz"):
        read_archive(tmp_path / "nothing.tar.gz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip file", b"\x1f\x8b\x08\x00 broken"])
def test_wrong_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cifar-100-python.tar.gz"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=r"not a whole .tar.gz"):
        read_archive(path)


def repacked(whole: Path, target: Path, mode: str, folder: str) -> Path:
    """The archive once more, its files in another folder or none."""
    with tarfile.open(whole) as old, tarfile.open(target, mode) as new:  # type: ignore[call-overload]
        for member in old:
            content = old.extractfile(member)
            member.name = f"{folder}{Path(member.name).name}"
            new.addfile(member, content)
    return target


@pytest.mark.parametrize("folder", ["", "./", "downloads/cifar-100-python/", "./cifar-100-python/", "my photos/"])
def test_an_archive_that_was_packed_again(write_archive: WriteArchive, tmp_path: Path, folder: str) -> None:
    whole = write_archive()
    again = read_archive(repacked(whole, tmp_path / "again.tar.gz", "w:gz", folder))
    assert np.array_equal(again.train.images, read_archive(whole).train.images)


@pytest.mark.parametrize(
    ("name", "mode"), [("a.tar", "w"), ("a.tar.gz", "w"), ("a.tar.bz2", "w:bz2"), ("a.zip", "w:gz")]
)
def test_what_a_browser_or_another_program_leaves(
    write_archive: WriteArchive, tmp_path: Path, name: str, mode: str
) -> None:
    archive = read_archive(repacked(write_archive(), tmp_path / name, mode, "cifar-100-python/"))
    assert len(archive.test.labels) == 3


def test_the_official_folder_goes_before_another(write_archive: WriteArchive, tmp_path: Path) -> None:
    with tarfile.open(write_archive()) as old, tarfile.open(tmp_path / "both.tar.gz", "w:gz") as new:
        for member in list(old):
            content = old.extractfile(member)
            assert content is not None
            new.addfile(
                member.replace(name=f"backup/{Path(member.name).name}", deep=True), io.BytesIO(b"x" * member.size)
            )
            new.addfile(member, content)
    assert len(read_archive(tmp_path / "both.tar.gz").test.labels) == 3


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04 zip", "a ZIP file"),
        (b"\xfd7zXZ\0", "an xz file"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z file"),
        (b"Rar!\x1a", "a RAR file"),
        (b"<html>", "a web page"),
    ],
)
def test_another_format_is_named_with_what_to_do(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "cifar-100-python.tar.gz"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=f"but {kind}. Unpack it, then pack it with `tar -czf cifar-100"):
        read_archive(path)


def test_a_folder_is_told_how_to_be_packed(tmp_path: Path) -> None:
    (tmp_path / "cifar-100-python").mkdir()
    with pytest.raises(ArchiveError, match=f"`tar -czf cifar-100-python.tar.gz -C {tmp_path} cifar-100-python`"):
        read_archive(tmp_path / "cifar-100-python")


def test_the_layout_is_told(write_archive: WriteArchive) -> None:
    with pytest.raises(ArchiveError, match="train, test and meta belong into a folder cifar-100-python/"):
        read_archive(write_archive(meta=None, train=None, test=None))


def test_a_header_of_gigabytes(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("././@LongLink")
    entry.type, entry.size = tarfile.GNUTYPE_LONGNAME, 10**12
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        tar.fileobj.write(entry.tobuf(tarfile.GNU_FORMAT))  # type: ignore[union-attr]
    with pytest.raises(ArchiveError, match=r"claims 1,000,000,000,\d+ bytes"):
        read_archive(tmp_path / "a.tar.gz")


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_truncated_file(generated_archive: Path, tmp_path: Path, share: float) -> None:
    whole = generated_archive.read_bytes()
    path = tmp_path / "short.tar.gz"
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ArchiveError, match=r"short.tar.gz"):
        read_archive(path)


@pytest.mark.parametrize("member", ["meta", "train", "test"])
def test_missing_member(write_archive: WriteArchive, member: str) -> None:
    with pytest.raises(ArchiveError, match=f"has no cifar-100-python/{member}"):
        read_archive(write_archive(**{member: None}))


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "cifar-100-python/../../evil"])
def test_path_traversal(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        tar.addfile(tarfile.TarInfo(name))
    with pytest.raises(ArchiveError, match="leaves the archive"):
        read_archive(tmp_path / "a.tar.gz")
    assert [path.name for path in tmp_path.iterdir()] == ["a.tar.gz"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices(tmp_path: Path, kind: bytes) -> None:
    entry = tarfile.TarInfo("cifar-100-python/train")
    entry.type, entry.linkname = kind, "/etc/passwd"
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        tar.addfile(entry)
    with pytest.raises(ArchiveError, match="link or device"):
        read_archive(tmp_path / "a.tar.gz")


def test_absurd_size(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("cifar-100-python/train")
    entry.size = 10**12
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        tar.fileobj.write(entry.tobuf())  # type: ignore[union-attr]
    with pytest.raises(ArchiveError, match="far larger than CIFAR-100"):
        read_archive(tmp_path / "a.tar.gz")


class Evil:
    """Unpickles by running a command."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.target,)


def test_code_in_a_pickle_does_not_run(write_archive: WriteArchive, tmp_path: Path) -> None:
    target = tmp_path / "was here"
    with pytest.raises(UnsafePickleError, match=r"train is not safe to read: it asks for .*getattr"):
        read_archive(write_archive(train=split(data=Evil(target))))
    assert not target.exists()


@pytest.mark.parametrize("name", ["os.system", "builtins.eval", "numpy.load", "numpy.core.multiarray.scalar"])
def test_only_arrays_may_be_rebuilt(name: str) -> None:
    module, _, function = name.rpartition(".")
    with pytest.raises(UnsafePickleError, match=name):
        read_pickle(f"c{module}\n{function}\n.".encode(), "hostile")


BOMBS = {
    "an array of its own size": b"cnumpy\nndarray\n(J\xff\xff\xff\x3ftR.",
    "an array of another shape": b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(J\xff\xff\xff\x3ftNtR.",
    "text that doubles": b"c_codecs\nencode\n(X\x02\0\0\0aaX\x03\0\0\0hextR.",
    "a number that needs room": b"\x80\x02]r\xff\xff\xff\x7f.",
    "a written number that needs room": b"]p2147483647\n.",
    "bytes that are not there": b"\x80\x04\x8e\0\0\0\0\xff\0\0\0.",
    "a frame that is not there": b"\x80\x04\x95\0\0\0\0\xff\0\0\0.",
    "many small objects": b"(" + b"]" * 5_000_000 + b"l.",
    "deep nesting": b"]" * 100_000 + b"a" * 99_999 + b".",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_small_pickle_never_takes_much_memory(bomb: bytes) -> None:
    tracemalloc.start()
    with contextlib.suppress(ArchiveError):
        read_pickle(bomb, "bomb")
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()


def test_damaged_pickles_are_typed_errors() -> None:
    sound = pickle.dumps(split(), protocol=2)
    generator = np.random.default_rng(0)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(300):
        damaged = bytearray(sound)
        for position in generator.integers(0, 400, 3):
            damaged[position] = generator.integers(0, 256)
        try:
            read_pickle(bytes(damaged), "damaged")
            outcomes["read"] += 1
        except ArchiveError:
            outcomes["refused"] += 1
    assert outcomes["refused"] > 50


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
