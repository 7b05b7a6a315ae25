"""Model archives are unpacked into a folder that does not stay, or refused."""

import tarfile
from pathlib import Path

import pytest

from steps.classifier.model_archive import unpacked
from steps.errors import ModelError


@pytest.mark.parametrize("name", ["../evil", "/evil"])
def test_model_archives_stay_in_their_folder(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "model.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(entry)
    with pytest.raises(ModelError, match="unpacked safely"), unpacked(archive):
        pytest.fail("it was unpacked")


@pytest.mark.parametrize("content", [None, b"", b"\x1f\x8b broken"])
def test_no_model_archive(tmp_path: Path, content: bytes | None) -> None:
    archive = tmp_path / "model.tar.gz"
    if content is not None:
        archive.write_bytes(content)
    with pytest.raises(ModelError, match=r"model.tar.gz"), unpacked(archive):
        pytest.fail("it was unpacked")


def test_unpacked_models_do_not_stay(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("{}")
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "model.json", "model.json")
    with unpacked(tmp_path / "model.tar.gz") as folder:
        assert (folder / "model.json").read_text() == "{}"
    assert not folder.exists()
