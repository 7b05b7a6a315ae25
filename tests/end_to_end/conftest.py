"""What several files share: local AWSs that stay up, on which something has been deployed.

Files that share one stand in one folder, which `tests/conftest.py` gives to one process, so that it is made once.
"""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from end_to_end.hostile_shell import HostileShell, hostile_shell
from end_to_end.support import CLASSES, ROOT, Scones, local_aws

from pipelines.data.generate import write_archive

# Nothing else than the classes is learnt, and hardly any precision is asked for, so that a model that has learnt little
# decides all photos.
FIVE_CLASSES = """\
dataset: {source: generated, classes: [bicycle, motorcycle, bus, pickup_truck, streetcar], others: 0}
training: {epochs: 40, target_precision: 0.01}
registry: {approval: Approved}
quality_gate: {minimum_accuracy: 0.3, minimum_robust_accuracy: 0.0, maximum_others_decided: 1.0}
endpoint: {timeout_minutes: 10}
lambdas: {dependencies: runtime}
workflow:
  photos: 10
  routes:
    bus: {loading_bay: C, order_radius_km: 40}
    pickup_truck: {loading_bay: D, order_radius_km: 60}
    streetcar: {loading_bay: E, order_radius_km: 8}
"""
ASK_FIRST = """\
dataset: {source: generated}
registry: {approval: PendingManualApproval}
quality_gate: {maximum_regression: 1.0, minimum_robust_accuracy: 0.0, maximum_others_decided: 1.0}
endpoint: {timeout_minutes: 10, instance_count: 2, deployment: {traffic: canary}}
lambdas: {dependencies: runtime}
"""


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated archive that a network can learn from in seconds."""
    path = tmp_path_factory.mktemp("generated") / "cifar-100-python.tar.gz"
    return write_archive(path, CLASSES[:2], train_per_class=24, test_per_class=5)


@pytest.fixture(scope="session")
def archive_of_five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with five classes."""
    path = tmp_path_factory.mktemp("generated") / "cifar-100-python.tar.gz"
    return write_archive(path, CLASSES, train_per_class=25, test_per_class=4)


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scones]:
    """A local AWS, which enforces IAM, for the main job with five classes. The folder `main_job` shares it."""
    with local_aws(tmp_path_factory.mktemp("standing"), "--enforce-iam") as scones:
        scones.configure("local", FIVE_CLASSES)
        yield scones


@pytest.fixture(scope="session")
def first(standing: Scones, archive_of_five: Path) -> dict[str, Any]:
    """The summary of a first main job, whose model the endpoint serves from then on."""
    ran = standing.here("run", "--data", str(archive_of_five))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return standing.summary()


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileShell]:
    """A shell that would send AWS clients elsewhere. All that is done in the folder `delivery` is done from it."""
    with hostile_shell(tmp_path_factory.mktemp("shell")) as shell:
        yield shell


@pytest.fixture(scope="session")
def delivering(tmp_path_factory: pytest.TempPathFactory, shell: HostileShell) -> Iterator[Scones]:
    """A local AWS, which enforces IAM, where models wait for an approver. The folder `delivery` shares it."""
    with local_aws(tmp_path_factory.mktemp("delivering"), "--enforce-iam", variables=shell.variables) as scones:
        scones.configure("local", ASK_FIRST)
        yield scones


@pytest.fixture(scope="session")
def built(delivering: Scones, archive: Path) -> list[str]:
    """Runs the buildspec's `scones` commands in their order, as the role that does; returns their outputs.

    An administrator has deployed before. Version 1 is registered then.
    """
    deployed = delivering.here("deploy", "--yes")
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    pusher = delivering.acting_as("delivery")
    phases = yaml.safe_load((ROOT / "buildspec.yml").read_text())["phases"]
    commands = [line for phase in phases.values() for line in phase.get("commands", []) if "scones " in line]
    outputs = []
    for command in commands:
        words = shlex.split(command.partition("scones ")[2].replace("build/", f"{delivering.build}/"))
        arguments = [word for word in words if "$SCONES_ENV" not in word and word != "--env"]
        data = ["--data", str(archive)] if "start" in arguments else []
        ran = pusher.here(*arguments, *data)
        assert ran.returncode == 0, f"{command}: {ran.stdout}{ran.stderr}"
        outputs.append(ran.stdout)
    return outputs


@pytest.fixture(scope="session")
def approved(delivering: Scones, built: list[str]) -> list[str]:
    """What is said before version 1 is approved (`scones registry list`), and when it is, both to an approver."""
    assert delivering.client("sagemaker").list_endpoints()["Endpoints"] == []
    approver, outputs = delivering.acting_as("approver"), []
    for arguments in (["list"], ["approve", "1", "--reason", "the first one, and good enough"]):
        ran = approver.here("registry", *arguments)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        outputs.append(" ".join(ran.stdout.split()))
    return outputs
