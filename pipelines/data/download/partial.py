"""The part of a download that has arrived, in hidden files beside the final one."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import FolderBusyError


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Has a path for one download, by a lock that the kernel takes back when the process ends. Its file stays.

    Raises:
        FolderBusyError: another download has it.
    """
    with _hidden(path, "lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderBusyError(f"another download to {path} goes on; wait until it has ended") from None
        yield


def _hidden(path: Path, ending: str) -> Path:
    return path.with_name(f".{path.name}.{ending}")


@dataclass(frozen=True)
class Partial:
    """What has arrived from a URL, and a note of that URL and of the version that its server had."""

    file: Path
    note: Path
    url: str

    @classmethod
    def of(cls, path: Path, url: str) -> "Partial":
        """The part of the file that shall lie at `path`."""
        return cls(_hidden(path, "partial"), _hidden(path, "partial.json"), url)

    @property
    def size(self) -> int:
        """How many bytes have arrived; none where the note is of another URL."""
        return self.file.stat().st_size if self._noted() and self.file.exists() else 0

    @property
    def validator(self) -> str | None:
        """The ETag or the date by which the server knows the version again; None where it gave neither."""
        validator = self._noted().get("validator")
        return validator if isinstance(validator, str) else None

    def _noted(self) -> dict[str, Any]:
        try:
            note = json.loads(self.note.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):  # nothing was begun, or even the note is incomplete
            return {}
        return note if isinstance(note, dict) and note.get("url") == self.url else {}

    def begin(self, validator: str | None) -> None:
        """Forgets what has arrived, and notes the version that arrives from now on."""
        self.file.write_bytes(b"")
        self.note.write_text(json.dumps({"url": self.url, "validator": validator}), encoding="utf-8")

    def append(self, chunk: bytes) -> int:
        """Adds what has arrived; returns how much that is now. An error of the file system names the file."""
        try:
            with self.file.open("ab") as file:
                file.write(chunk)
                return file.tell()
        except OSError as error:
            error.filename = str(self.file)
            raise

    def discard(self) -> None:
        """Deletes what has arrived."""
        self.file.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)

    def finish(self, path: Path) -> None:
        """Gives the complete file its final name, once it is on the disk for good."""
        with self.file.open("rb") as file:
            os.fsync(file.fileno())
        self.file.replace(path)
        self.note.unlink(missing_ok=True)


def md5_of(path: Path) -> str:
    """The MD5 of a file, in hex: what the publisher tells of it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
