"""The archive's members are found however it was packed; other files, damage and what would harm are told apart."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
from unit.steps.dataset.splits import WriteArchive

from steps.dataset.archive import read_archive
from steps.errors import ArchiveError


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
