import os
import subprocess
import sys

import pytest

from local.runtime.processes import base_environment


def test_children_see_a_clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "1")
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example")
    environment = base_environment()
    assert "SECRET" not in environment
    assert environment["PIP_INDEX_URL"] == "https://index.example"
    assert environment["PATH"].split(os.pathsep)[0].endswith("bin")


def test_pip_in_a_job_does_not_compare_all_installed_packages() -> None:
    ask = (
        "from pip._internal.commands import create_command\n"
        "options, _ = create_command('install').parse_args([])\n"
        "print(options.warn_about_conflicts)"
    )
    said = subprocess.run([sys.executable, "-c", ask], env=base_environment(), capture_output=True, check=True)
    assert not int(said.stdout)


def test_numeric_libraries_get_two_threads_or_as_many_as_the_shell_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "3")
    environment = base_environment()
    assert (environment["OMP_NUM_THREADS"], environment["MKL_NUM_THREADS"]) == ("2", "3")
