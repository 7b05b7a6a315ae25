"""Unpacks `model.tar.gz` safely: an archive from elsewhere cannot write outside its folder."""

import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from steps.errors import ModelError

MODEL_NAME = "model.tar.gz"
MAX_BYTES = 1024**3  # unpacked; this project's models have only a few megabytes


@contextmanager
def unpacked(archive: Path) -> Iterator[Path]:
    """Unpack a model archive into a temporary folder for the duration of the block; raises ModelError."""
    with tempfile.TemporaryDirectory(prefix="model-") as name:
        try:
            with tarfile.open(archive, "r:gz") as tar:
                _check_size(tar, archive)
                tar.extractall(name, filter="data")
        except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
            raise ModelError(f"{archive} is not a model archive that can be unpacked safely: {error}") from error
        yield Path(name)


def _check_size(tar: tarfile.TarFile, archive: Path) -> None:
    total = sum(member.size for member in tar)
    if total > MAX_BYTES:
        raise ModelError(f"{archive} would unpack to {total:,} bytes; models have at most {MAX_BYTES:,}.")
