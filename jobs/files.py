"""Writes output files all at once or not at all, and names files by what they hold."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to write into; its files move to `folder` on success and are deleted on failure."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".staged-", dir=folder) as name:
        stage = Path(name)
        yield stage
        for source in sorted(path for path in stage.rglob("*") if path.is_file()):
            target = folder / source.relative_to(stage)
            target.parent.mkdir(parents=True, exist_ok=True)
            # A job's outputs may be mounts of their own, across which a plain rename is refused.
            shutil.move(source, target)


def write_json(path: Path, value: object) -> None:
    """Write a value as indented JSON; NaN and infinity, which JSON does not have, are errors."""
    path.write_text(json.dumps(value, indent=2, allow_nan=False) + "\n", encoding="utf-8")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
