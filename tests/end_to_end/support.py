"""The `scones` command as a user runs it: real processes, a build folder of its own, and a local AWS."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
QUICK = {
    "epochs": "40",
    "fold_epochs": "40",
    "width": "8",
    "networks": "1",
    "folds": "2",
    "target_precision": "0.6",
    "target_confidence": "0.5",
    "photos": "12",
    "minimum_accuracy": "0.55",
    "minimum_coverage": "0.0",
}


@dataclass(frozen=True)
class Scones:
    """Runs `scones` commands in one build folder with one set of configuration files."""

    build: Path
    configs: Path

    def command(self, *arguments: str) -> list[str]:
        options = ["--build", str(self.build), "--configs", str(self.configs)]
        return [sys.executable, "-m", "pipelines.cli", *options, *arguments]

    def __call__(self, *arguments: str, environment: str = "local") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            env={**clean_environment(), "SCONES_ENV": environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=500,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments),
            env=clean_environment(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def summary(self) -> dict[str, Any]:
        return dict(json.loads((self.build / "summary.json").read_text()))

    def wait_for(self, happened: Callable[[], object], seconds: float = 120) -> None:
        """Waits until something is true.

        Raises:
            TimeoutError: it was not, in that time.
        """
        deadline = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not within {seconds} s")
            time.sleep(0.1)

    def processes(self) -> list[psutil.Process]:
        """Those that work in the build folder or name it."""
        everything = psutil.process_iter(["cmdline", "environ"])
        return [process for process in everything if str(self.build) in str(process.info)]

    def configure(self, name: str, text: str) -> None:
        (self.configs / f"{name}.yaml").write_text(text)


def clean_environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "SCONES_", "SAGEMAKER_"))}


def make_scones(folder: Path) -> Scones:
    configs = Path(shutil.copytree(ROOT / "configs", folder / "configs"))
    base = configs / "base.yaml"
    text = base.read_text()
    for key, value in QUICK.items():
        text = re.sub(rf"(\b{key}: )[0-9.]+", rf"\g<1>{value}", text)
    base.write_text(text)
    return Scones(folder / "build", configs)
