"""How many model servers a variant has."""

import os

import pytest

from local.sagemaker.hosting.model_workers import WORKERS, worker_count


@pytest.mark.parametrize(
    ("of_model", "of_shell", "expected"),
    [("3", "2", 3), ("", "2", 2), ("3", "", 3), ("", "", os.cpu_count())],
    ids=["of the model first", "of the shell", "of the model", "one for each core"],
)
def test_worker_count(of_model: str, of_shell: str, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WORKERS, of_shell)
    assert worker_count({WORKERS: of_model}) == expected
