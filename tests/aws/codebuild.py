"""Runs the commands of a buildspec as CodeBuild does: one shell, phase after phase, until a command fails.

Source: "Build specification reference for CodeBuild", version 0.2. CodeBuild itself is not needed.
"""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What a build's environment has besides what the project and the buildspec set.
ENVIRONMENT = {
    "HOME": "/root",
    "CODEBUILD_BUILD_ID": "scones-unlimited-dev-delivery:1",
    "CODEBUILD_RESOLVED_SOURCE_VERSION": "0123456789abcdef0123456789abcdef01234567",
    "AWS_REGION": "eu-west-1",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/never",
}


@dataclass(frozen=True)
class Built:
    """How a build ended: the exit code of the command that failed, or 0, and the exported variables."""

    code: int
    variables: dict[str, str]


def build(buildspec: Mapping[str, Any], folder: Path, path: str, project: Mapping[str, str]) -> Built:
    """Runs a buildspec in a folder with commands found along `path` and the project's environment variables."""
    phases = [_phase(phase) for phase in buildspec["phases"].values()]
    script = "\n".join(["code=0", *phases, "env -0 > exported", "exit $code"])
    variables = {**ENVIRONMENT, **buildspec["env"]["variables"], **project, "PATH": path}
    ran = subprocess.run(["sh", "-c", script], cwd=folder, env=variables, check=False, timeout=60)
    found = dict(each.split("=", 1) for each in (folder / "exported").read_text().split("\0") if each)
    exported = buildspec["env"].get("exported-variables", [])
    return Built(ran.returncode, {name: found[name] for name in exported if name in found})


def _phase(phase: Mapping[str, Any]) -> str:
    """A phase: nothing of it, if an earlier one was aborted; its `finally` in any case once it has begun."""
    assert phase.get("on-failure", "ABORT") == "ABORT"  # another choice would go on
    commands = "\nif [ $code = 0 ]; then\n" + "\n".join(f"{{ {each}\n}} && \\" for each in phase["commands"])
    ending = "\n".join(phase.get("finally", []))
    return f"{commands}\ntrue || code=$?\n{ending}\nfi"
