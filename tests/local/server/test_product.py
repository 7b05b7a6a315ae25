"""The whole product with IAM enforced: the roles of infra/application.yaml suffice, and are needed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local.server.embedded import start
from tests.local.support import REGION, client

ROOT = Path(__file__).parents[3]
QUICK = {
    "epochs": "2",
    "fold_epochs": "2",
    "networks": "1",
    "width": "8",
    "folds": "2",
    "photos": "4",
    "minimum_accuracy": "0.0",
    "minimum_coverage": "0.0",
}
PREFIX = "scones-unlimited-local"
Scones = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def scones(tmp_path: Path) -> Scones:
    """`scones(environment, *arguments)`: run a command with settings that train quickly."""
    configs = Path(shutil.copytree(ROOT / "configs", tmp_path / "configs"))
    text = (configs / "base.yaml").read_text()
    for key, value in QUICK.items():
        text = re.sub(rf"(\b{key}: )[0-9.]+", rf"\g<1>{value}", text)
    (configs / "base.yaml").write_text(text)

    def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pipelines.cli", "--build", str(tmp_path), "--configs", str(configs)]
        together = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [*command, *arguments], env=together, cwd=ROOT, capture_output=True, text=True, check=False, timeout=500
        )

    return run


def test_the_product_runs_with_its_roles_and_not_without(scones: Scones, tmp_path: Path) -> None:
    archive = str(tmp_path / "photos.tar.gz")
    assert scones({}, "data", "generate", "--output", archive, "--train", "100", "--test", "20").returncode == 0
    lines: list[str] = []
    with start(tmp_path / "aws", REGION, lines.append, enforce_iam=True) as aws:
        done = scones(aws.environment, "run", "--data", archive)
        assert done.returncode == 0, done.stderr
        assert [line for line in lines if "iam: denied" in line] == []
        role = f"{PREFIX}-classify-image"
        client(aws, "iam").delete_role_policy(RoleName=role, PolicyName="classify-image")
        assert scones(aws.environment, "workflow", "run", "--data", archive).returncode != 0
    (denied,) = {line.partition("iam: ")[2] for line in lines if "iam: denied" in line}
    assert denied.startswith(f"denied: sagemaker:InvokeEndpoint on arn:aws:sagemaker:{REGION}:123456789012:endpoint/")
    assert denied.endswith(f"to {role}")
