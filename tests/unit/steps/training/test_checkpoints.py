"""Checkpoints come back as they were saved, to the training that they belong to."""

import hashlib
import io
import sys
from pathlib import Path

import pytest
import torch

from steps.training.checkpoints import Checkpoints


class CreatesFile:
    """An object whose pickle creates a file when it is loaded without protection."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self._path,)


def test_round_trip(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path / "new", {"seed": 7})
    assert checkpoints.load("network-1") is None
    checkpoints.save("network-1", {"epoch": 3, "network": {"weight": torch.arange(4)}})
    state = checkpoints.load("network-1")
    assert state is not None
    assert state["epoch"] == 3
    assert torch.equal(state["network"]["weight"], torch.arange(4))
    assert checkpoints.load("network-2") is None
    assert [path.suffix for path in (tmp_path / "new").iterdir()] == [".pt"]


def test_another_training_starts_anew(tmp_path: Path) -> None:
    Checkpoints(tmp_path, {"seed": 7}).save("network-1", {"epoch": 3})
    assert Checkpoints(tmp_path, {"seed": 8}).load("network-1") is None


@pytest.mark.parametrize("content", [b"", b"not a checkpoint"])
def test_a_broken_file_starts_anew_and_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    checkpoints = Checkpoints(tmp_path, {})
    checkpoints.path("network-2").write_bytes(content)
    assert checkpoints.load("network-2") is None
    told = capsys.readouterr().out
    name = checkpoints.path("network-2").name
    assert told.startswith(f"network-2 checkpoint {name} cannot be read, so the network is trained from the start: ")


def test_files_are_named_by_a_digest_of_what_a_training_is_made_from(tmp_path: Path) -> None:
    digest = hashlib.sha256(b'{"data": "a", "seed": 7}').hexdigest()[:16]
    assert Checkpoints(tmp_path, {"seed": 7, "data": "a"}).path("network-1") == tmp_path / f"{digest}-network-1.pt"


def test_folders_are_made_and_used_again(tmp_path: Path) -> None:
    for epoch in (1, 2):
        Checkpoints(tmp_path / "far" / "away", {}).save("network-1", {"epoch": epoch})
    assert Checkpoints(tmp_path / "far" / "away", {}).load("network-1") == {"epoch": 2}


def test_a_broken_write_leaves_the_last_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoints = Checkpoints(tmp_path, {})
    checkpoints.save("network-1", {"epoch": 1})

    def breaks(state: object, path: Path) -> None:
        assert path == checkpoints.path("network-1").with_suffix(".tmp")
        path.write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(torch, "save", breaks)
    with pytest.raises(OSError, match="no space"):
        checkpoints.save("network-1", {"epoch": 2})
    assert list(tmp_path.iterdir()) == [checkpoints.path("network-1")]
    assert checkpoints.load("network-1") == {"epoch": 1}


def test_what_a_killed_write_has_left_is_removed_when_the_training_resumes(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path, {})
    checkpoints.save("network-1", {"epoch": 1})
    checkpoints.path("network-1").with_suffix(".tmp").write_bytes(b"half")
    assert checkpoints.load("network-1") == {"epoch": 1}
    assert list(tmp_path.iterdir()) == [checkpoints.path("network-1")]


def test_what_is_told_is_in_the_log_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = io.TextIOWrapper(io.BufferedWriter(written := io.BytesIO()), encoding="utf-8")  # type: ignore[type-var]
    monkeypatch.setattr(sys, "stdout", told)
    Checkpoints(tmp_path, {}).path("network-1").write_bytes(b"not a checkpoint")
    Checkpoints(tmp_path, {}).load("network-1")
    assert written.getvalue().startswith(b"network-1 checkpoint")


def test_a_state_from_a_gpu_is_loaded_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}
    monkeypatch.setattr(torch, "load", lambda _, **options: asked.update(options))
    Checkpoints(tmp_path, {}).save("network-1", {})
    Checkpoints(tmp_path, {}).load("network-1")
    assert asked == {"map_location": "cpu", "weights_only": True}


def test_half_a_file_starts_anew(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path, {})
    checkpoints.save("network-1", {"epoch": 3, "network": torch.zeros(1000)})
    checkpoints.path("network-1").write_bytes(checkpoints.path("network-1").read_bytes()[:2000])
    assert checkpoints.load("network-1") is None


def test_code_in_a_checkpoint_is_not_executed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checkpoints = Checkpoints(tmp_path, {})
    checkpoints.save("network-1", {"network": CreatesFile(tmp_path / "executed")})
    assert checkpoints.load("network-1") is None
    assert not (tmp_path / "executed").exists()
    assert "network-1 checkpoint" in capsys.readouterr().out
