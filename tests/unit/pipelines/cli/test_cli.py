import subprocess
import sys
from pathlib import Path

import pytest


def scones(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "data",
        "pipeline",
        "workflow",
        "registry",
        "review",
        "images",
        "monitor",
        "local",
        "deploy",
        "destroy",
        "config",
        "traffic",
    ],
)
def test_every_command_explains_itself(command: str) -> None:
    asked = scones(command, "--help")
    assert asked.returncode == 0
    assert asked.stdout.startswith("Usage: ")


def test_help_needs_none_of_the_heavy_packages() -> None:
    program = (
        "import sys; from pipelines.cli import cli; cli(['--help'], standalone_mode=False);"
        "heavy = {'boto3', 'sagemaker', 'torch', 'pandas', 'moto', 'pydantic', 'numpy'} & set(sys.modules);"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_wrong_usage_has_its_own_exit_code() -> None:
    assert scones("fly").returncode == 2


def test_an_unknown_environment_is_a_configuration_error() -> None:
    asked = scones("--env", "staging", "config")
    assert asked.returncode == 3
    assert asked.stderr.startswith("scones: there is no environment 'staging'")
    assert "Traceback" not in asked.stderr


def test_the_configuration_can_be_read() -> None:
    asked = scones("--env", "prod", "config")
    assert "approval: PendingManualApproval" in asked.stdout
    assert "instance_count: 2" in asked.stdout


def test_images_that_are_pinned_are_shown_and_not_built() -> None:
    shown = scones("images", "show")
    registry, digest = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scones-unlimited-local", "sha256:" + "0" * 64
    assert shown.stdout.splitlines() == [
        f"training: {registry}-training@{digest}",
        f"processing: {registry}-training@{digest}",
        f"endpoint: {registry}-inference@{digest}",
    ]


def test_a_pipeline_parameter_must_be_a_pair() -> None:
    asked = scones("pipeline", "start", "-p", "MinimumAccuracy")
    assert asked.returncode == 2
    assert "expected NAME=VALUE" in asked.stderr


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    asked = scones("--build", str(tmp_path / "file" / "build"), "data", "generate", "--train", "1", "--test", "1")
    assert asked.returncode == 13
    assert asked.stderr.startswith(f"scones: {tmp_path / 'file' / 'build'}")
    assert "--build" in asked.stderr
    assert "Traceback" not in asked.stderr


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert scones("--version").stdout == f"scones, version {version('scones-unlimited')}\n"
