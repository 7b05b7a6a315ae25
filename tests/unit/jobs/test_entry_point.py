"""How jobs end: with an exit code, and with a message where the error was expected."""

from pathlib import Path

import pytest

from jobs.entry_point import run_job


class ExpectedError(Exception):
    pass


class MissingFileError(ExpectedError):
    pass


def fail() -> None:
    raise MissingFileError("data.npz is missing")


def crash() -> None:
    raise ZeroDivisionError


def test_typed_errors_become_a_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_job(fail, ExpectedError, tmp_path / "message") == 1
    # sagemaker-training quotes stderr from the first line that holds the name of a built-in exception.
    assert capsys.readouterr().err == "Exception: MissingFileError: data.npz is missing\n"
    assert (tmp_path / "message").read_text() == "MissingFileError: data.npz is missing"


def test_success_leaves_no_message(tmp_path: Path) -> None:
    assert run_job(lambda: None, ExpectedError, tmp_path / "message") == 0
    assert list(tmp_path.iterdir()) == []


def test_without_sagemakers_folder_there_is_no_message(tmp_path: Path) -> None:
    assert run_job(fail, ExpectedError, tmp_path / "nowhere/message") == 1
    assert list(tmp_path.iterdir()) == []


def test_other_errors_keep_their_traceback(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        run_job(crash, ExpectedError, tmp_path / "message")
