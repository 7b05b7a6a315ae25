"""Jobs write their files together or not at all."""

from pathlib import Path

import pytest

from jobs.files import staged, write_json


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
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert list((tmp_path / "out").iterdir()) == []


def test_json_without_nan(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "a.json", {"loss": float("nan")})
