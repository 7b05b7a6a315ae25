"""buildspec.yml: its structure, and commands that exist."""

import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture
def buildspec() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "buildspec.yml").read_text(encoding="utf-8")))


def commands(buildspec: dict[str, Any], phase: str) -> list[str]:
    return list(buildspec["phases"][phase]["commands"])


def test_the_structure_is_that_of_version_0_2(buildspec: dict[str, Any]) -> None:
    assert buildspec["version"] == 0.2  # with 0.1 each command would have a shell of its own
    assert list(buildspec["phases"]) == ["install", "pre_build", "build"]
    assert buildspec["phases"]["install"]["runtime-versions"] == {"python": "3.11"}
    for phase in ("pre_build", "build"):
        assert buildspec["phases"][phase]["on-failure"] == "ABORT"


def test_tests_come_first_and_write_the_reports(buildspec: dict[str, Any]) -> None:
    lines = commands(buildspec, "pre_build")
    [test] = [line for line in lines if line.startswith("make test")]
    formats = {report["file-format"] for report in buildspec["reports"].values()}
    assert formats == {"JUNITXML", "COBERTURAXML"}
    for report in buildspec["reports"].values():
        for file in report["files"]:
            assert f"{report['base-directory']}/{file}" in test


def test_make_has_the_targets_and_passes_the_options_on(buildspec: dict[str, Any]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for phase in ("install", "pre_build"):
        for line in commands(buildspec, phase):
            if line.startswith("make "):
                assert f"\n{shlex.split(line)[1]}:" in makefile
    assert "pytest $(SIDE_BY_SIDE) $(PYTEST_ARGS)" in makefile


def test_the_build_deploys_and_runs_the_pipeline(buildspec: dict[str, Any]) -> None:
    lines = [shlex.split(line) for line in commands(buildspec, "build")]
    assert all(words[:3] == ["scones", "--env", "$SCONES_ENV"] for words in lines)
    assert [" ".join(words[3:]) for words in lines] == [
        "deploy",
        "pipeline definition",
        "pipeline upsert",
        "pipeline start --wait",
    ]


def test_the_commands_exist(buildspec: dict[str, Any]) -> None:
    from pipelines.cli import cli

    for line in commands(buildspec, "build"):
        command: click.Command = cli
        words = shlex.split(line)[3:]
        while words and isinstance(command, click.Group):
            found = command.get_command(click.Context(command), words.pop(0))
            assert found is not None, line
            command = found
        options = {option for each in command.params for option in each.opts}
        assert set(words) <= options, line


def test_the_project_passes_the_environment_on(application: dict[str, dict[str, Any]]) -> None:
    variables = application["Delivery"]["Properties"]["Environment"]["EnvironmentVariables"]
    assert {"Name": "SCONES_ENV", "Value": {"Ref": "Environment"}} in variables
    assert application["Delivery"]["Properties"]["Source"]["BuildSpec"] == "buildspec.yml"


def test_artifacts_are_what_the_commands_write(buildspec: dict[str, Any]) -> None:
    assert buildspec["artifacts"] == {"base-directory": "build", "files": ["definitions/**/*", "reports/**/*"]}
