"""Jobs named after the test that runs them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from local.runtime.processes import OWNER
from local.sagemaker.jobs.containers import isolation
from tests.local.sagemaker.support import start_processing, start_training

ENDINGS = ("Completed", "Failed", "Stopped")
TRAIN = """
import json, os, pathlib, sys, time
print("epoch=1; loss=0.5;")
print("epoch=2; loss=0.25;", flush=True)
channel = pathlib.Path(os.environ["SM_CHANNEL_TRAIN"])
pathlib.Path(os.environ["SM_MODEL_DIR"], "weights").write_text(channel.joinpath("rows").read_text())
pathlib.Path(os.environ["SM_OUTPUT_DATA_DIR"], "curve").write_text(" ".join(sys.argv[1:]))
if "--fail" in sys.argv: raise ValueError("the rows " + "x" * 2000 + " make no sense")
if "--sleep" in sys.argv: time.sleep(600)
"""


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """The name of the test as the name of a job."""
    return re.sub(r"[^a-zA-Z0-9]+", "-", request.node.name).strip("-")[:60].strip("-")


@pytest.fixture
def process(sagemaker: Any, wait: Any, name: str) -> Callable[..., dict[str, Any]]:
    """`process(shell)`: run a shell command in a processing job to its end; the description."""

    def run(shell: str, **more: Any) -> dict[str, Any]:
        describe = start_processing(sagemaker, name, "sh", "-c", shell, **more)
        return dict(wait(describe, "ProcessingJobStatus", *ENDINGS))

    return run


@pytest.fixture
def train(sagemaker: Any, s3: Any, wait: Any, name: str) -> Callable[..., dict[str, Any]]:
    """`train(**hyperparameters)`: run a training job, to its end unless that is not waited for; the description."""

    def run(seconds: int = 60, *, wait_for_end: bool = True, **hyperparameters: str) -> dict[str, Any]:
        describe = start_training(sagemaker, s3, name, TRAIN, hyperparameters, seconds=seconds)
        return dict(wait(describe, "TrainingJobStatus", *ENDINGS) if wait_for_end else describe())

    return run


@pytest.fixture
def opt_ml(data: Path) -> Callable[[str], str]:
    """`opt_ml(folder)`: what the first host of a job sees as /opt/ml, where `folder` is the job's own in `work`."""

    def path(folder: str) -> str:
        return "/opt/ml" if isolation(data) == "namespace" else str(data / "work" / folder / "algo-1" / "ml")

    return path


@pytest.fixture
def hosts(data: Path) -> list[str]:
    """The names of the two hosts of a job."""
    return ["algo-1", "algo-2"] if isolation(data) == "namespace" else ["127.0.0.1", "127.0.0.2"]


@pytest.fixture
def script(data: Path, wait: Any) -> Callable[[], int]:
    """`script()`: the process of a training script of this local AWS, not of another one's, once it sleeps."""

    def find() -> dict[str, Any]:
        for process in psutil.process_iter(["pid", "cmdline", "environ"]):
            line, environment = process.info["cmdline"] or [], process.info["environ"] or {}
            if {"package/train.py", "--sleep"} <= set(line) and environment.get(OWNER) == str(data):
                return {"pid": process.info["pid"], "found": True}
        return {"found": False}

    return lambda: int(wait(find, "found", True)["pid"])
