"""The commands of buildspec.yml, and an approver's decision, on a local AWS that stays up."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from end_to_end.support import ROOT, Scones

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(standing: Scones, archive: Path) -> list[str]:
    """Runs the buildspec's `scones` commands in their order; returns their outputs."""
    standing.configure("local", "registry: {approval: PendingManualApproval}\nlambdas: {dependencies: runtime}\n")
    phases = yaml.safe_load((ROOT / "buildspec.yml").read_text())["phases"]
    commands = [line for phase in phases.values() for line in phase.get("commands", []) if "scones " in line]
    outputs = []
    for command in commands:
        words = shlex.split(command.partition("scones ")[2])
        arguments = [word for word in words if "$SCONES_ENV" not in word and word != "--env"]
        data = ["--data", str(archive)] if "start" in arguments else []
        ran = standing(*arguments, *data)
        assert ran.returncode == 0, f"{command}: {ran.stdout}{ran.stderr}"
        outputs.append(ran.stdout)
    return outputs


def test_the_buildspec_ships_and_runs_the_pipeline(built: list[str]) -> None:
    assert any("Succeeded" in output for output in built)


def test_what_waits_for_approval_is_deployed_by_the_approval_event(standing: Scones, built: list[str]) -> None:
    assert "waits for an approver" in standing("registry", "list").stdout
    approved = standing("registry", "approve", "--reason", "good enough for the test")
    assert approved.returncode == 0, approved.stderr
    assert "serves it" in approved.stdout
    shown = standing("registry", "show").stdout
    assert "good enough for the test" in shown
    assert "commit" in shown


def test_destroy_leaves_data_and_nothing_else(standing: Scones, built: list[str], client: Callable[[str], Any]) -> None:
    destroyed = standing("destroy", "--yes")
    assert destroyed.returncode == 0, destroyed.stderr
    assert client("sagemaker").list_endpoints()["Endpoints"] == []
    assert client("stepfunctions").list_state_machines()["stateMachines"] == []
    assert client("lambda").list_functions()["Functions"] == []
    buckets = [each["Name"] for each in client("s3").list_buckets()["Buckets"]]
    assert "scones-unlimited-local-123456789012-eu-west-1" in buckets
