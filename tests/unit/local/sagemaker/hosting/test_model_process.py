import io
import tarfile
from pathlib import Path

import pytest

from local.protocol.errors import JobError
from local.sagemaker.hosting.model_process import unpack


def test_model_archives_cannot_leave_their_folder(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../outside"))
    with pytest.raises(JobError, match="cannot be unpacked"):
        unpack(buffer.getvalue(), tmp_path / "model")
    with pytest.raises(JobError, match="cannot be unpacked"):
        unpack(b"no archive", tmp_path / "model")
    assert not (tmp_path / "outside").exists()
