"""The commit that a model is said to come from."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pipelines.cli.environment import git_commit

ROOT = Path(__file__).parents[4]


def pretend_git(folder: Path, script: str) -> None:
    """Puts a program named git into a folder."""
    program = folder / "git"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_the_commit_that_codebuild_builds_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEBUILD_RESOLVED_SOURCE_VERSION", "0123abc")
    assert git_commit() == "0123abc"


def test_without_git_the_commit_is_unknown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_commit() == "unknown"


def test_a_git_that_cannot_be_run_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_commit() == "unknown"
    (tmp_path / "git").rmdir()
    (tmp_path / "git").write_bytes(b"no program")
    (tmp_path / "git").chmod(0o755)
    assert git_commit() == "unknown"


def test_git_may_speak_any_encoding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pretend_git(tmp_path, "printf 'fatal: d\\303\\251faut\\351' >&2; exit 128")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert git_commit() == "unknown"


def test_without_a_repository_the_commit_is_unknown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pretend_git(tmp_path, "echo 'fatal: not a git repository' >&2; exit 128")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_commit() == "unknown"


def test_git_is_asked_in_the_projects_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pretend_git(tmp_path, 'echo "$PWD $*"')
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    folder, _, command = git_commit().partition(" ")
    assert Path(folder) == ROOT / "pipelines/cli"
    assert command == "rev-parse HEAD"


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_needs_no_identity_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    command = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        pytest.skip(f"git does not read this folder: {asked.stderr.strip()}")
    assert git_commit() == asked.stdout.strip()
