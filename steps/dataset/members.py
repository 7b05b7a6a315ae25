"""The files in an archive, read straight from the tar without extracting anything. Memory is bounded.

An archive may have been packed again: with or without its top folder, deeper down, or with another compression. Where
it cannot be read, the error says how to pack it.
"""

import bz2
import gzip
import tarfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from steps.errors import ArchiveError

ARCHIVE_NAME = "cifar-100-python.tar.gz"
FOLDER = "cifar-100-python"
MAX_MEMBER_BYTES = 512 * 1024**2  # the largest official member has 155 MB
MAX_MEMBERS = 100  # the official archive has five
PACK = f"tar -czf {ARCHIVE_NAME} {FOLDER}"
LAYOUT = f"The files train, test and meta belong into a folder {FOLDER}/; pack it with `{PACK}`."

OTHERS = {  # formats that are not read, by their first bytes
    b"PK": "a ZIP file",
    b"\xfd7zXZ": "an xz file",
    b"7z\xbc\xaf": "a 7z file",
    b"Rar!": "a RAR file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"<": "a web page",
}


def read_members(path: Path, names: Sequence[str]) -> dict[str, bytes]:
    """The contents of these files, which must lie in one folder; raises ArchiveError."""
    _check_path(path)
    try:
        with _open(path) as file, tarfile.open(fileobj=file, mode="r:") as tar:
            chosen = _choose(_listed(tar, path), names)
            if missing := sorted(set(names) - set(chosen)):
                raise ArchiveError(
                    f"{path} has no {FOLDER}/{missing[0]}: it is another archive, or cut short. {LAYOUT}"
                )
            ordered = sorted(chosen.items(), key=lambda item: item[1].offset)
            return {name: _content(tar, member) for name, member in ordered}
    except (tarfile.TarError, EOFError, OSError, ValueError, zlib.error) as error:
        reason = str(error).partition("\n")[0]
        raise ArchiveError(f"{path} is not a whole .tar.gz file ({reason}). Get the archive again.") from error


def _check_path(path: Path) -> None:
    if path.is_dir():
        raise ArchiveError(
            f"{path} is a folder, not an archive. Pack it with `tar -czf {ARCHIVE_NAME} -C {path.absolute().parent} "
            f"{path.absolute().name}`."
        )
    if not path.is_file():
        raise ArchiveError(f"There is no archive at {path}. Put the official {ARCHIVE_NAME} there, or a generated one.")


def _open(path: Path) -> BinaryIO:
    """The tar in a file, whatever its name says; raises ArchiveError where the file has another format."""
    with path.open("rb") as file:
        start = file.read(8)
    for magic, kind in OTHERS.items():
        if start.startswith(magic):
            raise ArchiveError(
                f"{path} is not a whole .tar.gz file, but {kind}. Unpack it, then pack it with `{PACK}`."
            )
    opened = gzip.open if start.startswith(b"\x1f\x8b") else bz2.open if start.startswith(b"BZh") else open
    return cast("BinaryIO", _Bounded(cast("BinaryIO", opened(path, "rb"))))


class _Bounded:
    """A file that is never read in larger pieces than a member may have: a header could ask for gigabytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.close = file.seek, file.tell, file.close

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= MAX_MEMBER_BYTES:
            raise tarfile.ReadError(f"a header claims {size:,} bytes")
        return self._file.read(size)

    def __enter__(self) -> "_Bounded":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _listed(tar: tarfile.TarFile, path: Path) -> list[tarfile.TarInfo]:
    found = []
    for count, member in enumerate(tar, start=1):
        _check_member(member, count, path)
        found.append(member)
    return found


def _choose(members: Sequence[tarfile.TarInfo], names: Sequence[str]) -> dict[str, tarfile.TarInfo]:
    """The files of these names in the folder that has most of them; of equals, the official folder or the first."""
    folders: dict[PurePosixPath, dict[str, tarfile.TarInfo]] = {PurePosixPath(FOLDER): {}}
    for member in members:
        where = PurePosixPath(member.name)
        if member.isfile() and where.name in names:
            folders.setdefault(where.parent, {})[where.name] = member
    return max(folders.values(), key=len)


def _check_member(member: tarfile.TarInfo, count: int, path: Path) -> None:
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts:
        raise ArchiveError(f"{path} holds '{member.name}', a path that leaves the archive. Use the official archive.")
    if not (member.isfile() or member.isdir()):
        raise ArchiveError(f"{path} holds '{member.name}', a link or device. Use the official archive.")
    if member.size > MAX_MEMBER_BYTES or count > MAX_MEMBERS:
        raise ArchiveError(
            f"{path} is far larger than CIFAR-100: at '{member.name}' it passes {MAX_MEMBERS} members "
            f"or {MAX_MEMBER_BYTES:,} bytes in one. Use the official archive."
        )


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = tar.extractfile(member)
    content = stream.read() if stream else b""
    if len(content) != member.size:
        raise EOFError(f"'{member.name}' ends after {len(content):,} of {member.size:,} bytes")
    return content
