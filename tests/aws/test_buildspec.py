"""The two buildspecs: their structure, commands that exist, and what happens when one fails."""

import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from tests.aws.codebuild import build

ROOT = Path(__file__).parents[2]
Buildspec = dict[str, Any]
# In place of `make` and `scones`: writes down what it was called with, and fails where it is told to.
STAND_IN = """#!/bin/sh
echo "${0##*/} $*" >> "$CALLS"
case "$*" in *"$FAILING"*) code=7;; *) code=0;; esac
case "$*" in *--variables*)
    mkdir -p build
    echo "export TRAINING_EXECUTION=arn:1 VERDICT='not good enough'" > build/variables.sh;;
esac
exit $code
"""


def read(path: str) -> Buildspec:
    return dict(yaml.safe_load((ROOT / path).read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def deploying() -> Buildspec:
    return read("buildspec.yml")


@pytest.fixture(scope="module")
def testing() -> Buildspec:
    return read("tests/buildspec.yml")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder as CodeBuild's source, with stand-ins for the commands."""
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    for program in (tmp_path / ".venv/bin/scones", tmp_path / "bin/make"):
        program.write_text(STAND_IN)
        program.chmod(0o755)
    return tmp_path


def run(buildspec: Buildspec, checkout: Path, failing: str = "nothing") -> tuple[int, list[str], dict[str, str]]:
    """The exit code, the commands that were called, and the exported variables."""
    calls = checkout / "calls"
    project = {"SCONES_ENV": "dev", "CALLS": str(calls), "FAILING": failing}
    built = build(buildspec, checkout, f"{checkout / 'bin'}:/usr/bin:/bin", project)
    return built.code, calls.read_text().splitlines(), built.variables


def commands(buildspec: Buildspec) -> list[str]:
    return [line for phase in buildspec["phases"].values() for line in phase["commands"]]


@pytest.mark.parametrize("path", ["buildspec.yml", "tests/buildspec.yml"])
def test_the_structure_is_that_of_version_0_2(path: str) -> None:
    buildspec = read(path)
    assert buildspec["version"] == 0.2  # with 0.1 each command would have a shell of its own
    assert buildspec["phases"]["install"]["runtime-versions"] == {"python": "3.11"}
    assert buildspec["cache"]["paths"] == [f"{buildspec['env']['variables']['PIP_CACHE_DIR']}/**/*"]


def test_the_tests_write_the_reports(testing: Buildspec) -> None:
    [test] = [line for line in commands(testing) if line.startswith("make test")]
    assert {report["file-format"] for report in testing["reports"].values()} == {"JUNITXML", "COBERTURAXML"}
    for report in testing["reports"].values():
        for file in report["files"]:
            assert f"{report['base-directory']}/{file}" in test


def test_make_has_the_targets_and_passes_the_options_on(testing: Buildspec, deploying: Buildspec) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in (*commands(testing), *commands(deploying)):
        if line.startswith("make "):
            assert f"\n{shlex.split(line)[1]}:" in makefile
    assert "pytest $(SIDE_BY_SIDE) $(PYTEST_ARGS)" in makefile


def test_the_build_deploys_and_runs_the_pipeline(deploying: Buildspec, checkout: Path) -> None:
    code, calls, variables = run(deploying, checkout)
    assert code == 0
    assert calls == [
        "make setup",
        "make sbom",
        "scones --env dev pipeline definition",
        "scones --env dev pipeline changes",
        "scones --env dev deploy --yes",
        "scones --env dev images build --if-changed",
        "scones --env dev pipeline definition",
        "scones --env dev pipeline upsert",
        "scones --env dev pipeline start --if-changed --wait --variables build/variables.sh",
    ]
    assert variables == {"TRAINING_EXECUTION": "arn:1", "VERDICT": "not good enough"}


def test_a_deployment_that_fails_starts_no_training(deploying: Buildspec, checkout: Path) -> None:
    code, calls, variables = run(deploying, checkout, failing="deploy")
    assert (code, calls[-1], variables) == (7, "scones --env dev deploy --yes", {})


def test_a_training_that_fails_fails_the_build_and_is_told(deploying: Buildspec, checkout: Path) -> None:
    code, _, variables = run(deploying, checkout, failing="pipeline start")
    assert (code, variables["VERDICT"]) == (7, "not good enough")


@pytest.mark.parametrize(("failing", "last"), [("setup", "make setup"), ("lint", "make lint"), ("audit", "make audit")])
def test_nothing_is_tested_after_a_failure(failing: str, last: str, testing: Buildspec, checkout: Path) -> None:
    code, calls, _ = run(testing, checkout, failing)
    assert (code, calls[-1]) == (7, last)


def test_the_commands_exist(deploying: Buildspec) -> None:
    from pipelines.cli import cli

    for line in [line for line in commands(deploying) if line.startswith("scones ")]:
        command: click.Command = cli
        words = shlex.split(line)[3:]
        while words and isinstance(command, click.Group):
            found = command.get_command(click.Context(command), words.pop(0))
            assert found is not None, line
            command = found
        options = {option for each in command.params for option in each.opts}
        assert {word for word in words if word.startswith("-")} <= options, line


def test_the_projects_pass_the_environment_on(delivery: dict[str, dict[str, Any]]) -> None:
    for project, spec in {"Test": "tests/buildspec.yml", "Delivery": "buildspec.yml"}.items():
        found = delivery[project]["Properties"]
        assert found["Source"] == {"Type": "CODEPIPELINE", "BuildSpec": spec}
        assert {"Name": "SCONES_ENV", "Value": {"Ref": "Environment"}} in found["Environment"]["EnvironmentVariables"]


def test_artifacts_are_what_the_commands_write(deploying: Buildspec) -> None:
    assert deploying["artifacts"]["base-directory"] == "build"
    assert deploying["artifacts"]["files"] == [
        "definitions/**/*",
        "pictures/**/*",
        "reports/**/*",
        "sbom.json",
        "variables.sh",
    ]
