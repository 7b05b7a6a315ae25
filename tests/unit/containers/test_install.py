"""The script that installs a lock into an image, with a stand-in for Python."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "containers/requirements/install.sh"
INDEX = "https://index.example/cpu"
LOCK = """# locked
numpy==2 \\
    --hash=sha256:a \\
    --hash=sha256:b
pip==26 \\
    --hash=sha256:c
setuptools==81 \\
    --hash=sha256:d
torch==2+cpu \\
    --hash=sha256:e
torchvision==1 \\
    --hash=sha256:f
"""
STAND_IN = """#!/bin/sh
if [ "$1" = -c ]; then echo "$FOUND"; exit; fi
for last; do :; done
echo "$SOURCE_DATE_EPOCH $*" >>"$CALLS"
if [ -f "$last" ]; then grep -o '^[a-z]*==' "$last" >>"$CALLS"; fi
"""


@pytest.fixture
def install(tmp_path: Path) -> Any:
    """`install(found, *index)`: the process that has installed, and what it asked Python for."""
    (tmp_path / "python3").write_text(STAND_IN)
    (tmp_path / "python3").chmod(0o755)
    lock, calls = tmp_path / "lock.txt", tmp_path / "calls"
    lock.write_text(LOCK)
    calls.touch()

    def run(found: str, *index: str) -> tuple[Any, list[str]]:
        given = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "FOUND": found, "CALLS": str(calls)}
        argv = ["sh", str(SCRIPT), str(lock), *index]
        done = subprocess.run(argv, env=given, capture_output=True, text=True, check=False)
        return done, calls.read_text().split("\n")[:-1]

    return run


def test_only_pytorch_is_looked_for_in_its_index(install: Any) -> None:
    done, calls = install("Python 3.11 on x86_64", INDEX)
    assert done.returncode == 0, done.stderr
    assert [each for each in calls if INDEX in each] == [calls[3]]
    assert calls[4] == "torch=="
    assert calls[1:3] == ["pip==", "setuptools=="]  # what packages are built with comes first
    assert calls[6:11] == ["numpy==", "pip==", "setuptools==", "torch==", "torchvision=="]
    assert calls[11].endswith("-m pip check")
    assert all("--require-hashes" in each and "--no-deps" in each for each in calls if " install " in each)


def test_without_an_index_pytorch_comes_from_where_all_packages_do(install: Any) -> None:
    done, calls = install("Python 3.11 on x86_64", "")
    assert done.returncode == 0, done.stderr
    assert not [each for each in calls if "--index-url" in each]


def test_what_is_compiled_does_not_depend_on_times(install: Any) -> None:
    _, calls = install("Python 3.11 on x86_64")
    assert all(each.startswith("315532800 ") for each in calls if " -m pip " in each)


@pytest.mark.parametrize("found", ["Python 3.13 on x86_64", "Python 3.11 on aarch64"])
def test_another_base_is_named(found: str, install: Any) -> None:
    done, calls = install(found, INDEX)
    assert (done.returncode, calls) == (1, [])
    assert f"has packages for Python 3.11 on x86_64, but the base image has {found}." in done.stderr


def test_it_wants_the_python_of_the_locks_and_of_the_base() -> None:
    version, machine = re.search(r'locked="Python (\S+) on (\S+)"', SCRIPT.read_text()).groups()  # type: ignore[union-attr]
    locking = (ROOT / "Makefile").read_text().partition("IMAGE_LOCK =")[2].partition("\n\n")[0]
    assert f"--python-version {version} --python-platform {machine}-" in locking
    assert f"ARG BASE=python:{version}-" in (ROOT / "containers/Dockerfile").read_text()
