"""How jobs end, and what they leave behind."""

import tarfile
from pathlib import Path

import pytest

from steps import job
from steps.classifier.model_archive import unpacked
from steps.errors import DatasetError, ModelError
from steps.files import staged, write_json


def fail() -> None:
    raise DatasetError("data.npz is missing")


def crash() -> None:
    raise ZeroDivisionError


def test_typed_errors_become_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert job.run(fail, exit_message=tmp_path / "message") == 1
    # sagemaker-training quotes stderr from the first line that holds the name of a built-in exception.
    assert capsys.readouterr().err == "Exception: DatasetError: data.npz is missing\n"
    assert (tmp_path / "message").read_text() == "DatasetError: data.npz is missing"


def test_success_leaves_no_message(tmp_path: Path) -> None:
    assert job.run(lambda: None, exit_message=tmp_path / "message") == 0
    assert list(tmp_path.iterdir()) == []


def test_without_sagemakers_folder_there_is_no_message(tmp_path: Path) -> None:
    assert job.run(fail, exit_message=tmp_path / "nowhere/message") == 1
    assert list(tmp_path.iterdir()) == []


def test_other_errors_keep_their_traceback(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        job.run(crash, exit_message=tmp_path / "message")


def test_staged_files_arrive_together(tmp_path: Path) -> None:
    (tmp_path / "out/train").mkdir(parents=True)  # SageMaker makes outputs' folders beforehand
    with staged(tmp_path / "out") as stage:
        (stage / "train").mkdir()
        (stage / "train/a").write_text("a")
        assert not (tmp_path / "out/train/a").exists()
    assert [path.name for path in (tmp_path / "out").rglob("*")] == ["train", "a"]


def test_staged_files_vanish_on_failure(tmp_path: Path) -> None:
    def write_half() -> None:
        with staged(tmp_path / "out") as stage:
            (stage / "a").write_text("a")
            crash()

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert list((tmp_path / "out").iterdir()) == []


def test_json_without_nan(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "a.json", {"loss": float("nan")})


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
