"""Reproducible archives: the same files give the same bytes, since entries are sorted and have no times or owners."""

import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

EXCLUDED = {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", "tests"}
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that ZIP can store
READABLE = 0o100644  # a regular file that everyone may read, because Lambda runs as another user

Files = Mapping[str, bytes]


def read_tree(folder: Path) -> dict[str, bytes]:
    """The files below a folder by relative path with `/`, without caches, tests and hidden files."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(is_excluded(part) for part in path.relative_to(folder).parts)
    }


def is_excluded(name: str) -> bool:
    """Whether a file or folder stays out of packages."""
    return name in EXCLUDED or name.startswith(".") or name.endswith((".pyc", ".ipynb"))


def digest_of(files: Files) -> str:
    """The first 16 hex digits of SHA-256 over paths and contents, which serve as the package's address."""
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def to_tar_gz(files: Files) -> bytes:
    """A gzipped tar archive."""
    file = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w") as tar,
    ):
        for path, content in sorted(files.items()):
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def to_zip(files: Files) -> bytes:
    """A deflated zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix on any platform, since the meaning of the mode depends on it
            entry.external_attr = READABLE << 16
            archive.writestr(entry, content)
    return file.getvalue()
