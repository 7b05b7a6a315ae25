"""How many processes serve a model."""

import os

import pytest

from containers.serving.processes import WORKERS, worker_count


@pytest.mark.parametrize(
    ("of_model", "of_shell", "expected"),
    [("3", "2", 3), ("", "2", 2), ("3", "", 3), ("", "", os.cpu_count())],
    ids=["the first that says something", "of the shell", "of the model", "one for each core"],
)
def test_worker_count(of_model: str, of_shell: str, expected: int) -> None:
    assert worker_count({WORKERS: of_model}, {WORKERS: of_shell}) == expected


def test_there_is_one_process_where_cores_cannot_be_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert worker_count({}) == 1
