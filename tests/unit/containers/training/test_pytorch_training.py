"""A training as the training image starts it: `train`, with the framework module and files of SageMaker's contract."""

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

FRAMEWORK = Path(__file__).parents[4] / "containers/training"
PATIENT = """
import os, pathlib, signal, sys
heard = []
signal.signal(signal.SIGTERM, lambda *_: heard.append("SIGTERM"))
print("ready", sys.argv[1:], flush=True)
while not heard: signal.pause()
print("stops", flush=True)
pathlib.Path(os.environ["SM_MODEL_DIR"], "weights").write_text("half")
"""
Start = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """`start(code)`: `train` with a script of this code, in a session of its own as in a container."""

    def run(code: str) -> subprocess.Popen[str]:
        archive = tmp_path / "sourcedir.tar.gz"
        with tarfile.open(archive, "w:gz") as tar:
            entry = tarfile.TarInfo("train.py")
            entry.size = len(code)
            tar.addfile(entry, io.BytesIO(code.encode()))
        for folder in ("input/config", "input/data", "model", "output/data", "code"):
            (tmp_path / folder).mkdir(parents=True)
        resources = {"current_host": "localhost", "hosts": ["localhost"], "network_interface_name": "lo"}
        resources |= {"current_instance_type": "ml.m5.large", "current_group_name": "homogeneousCluster"}
        group = {"instance_group_name": "homogeneousCluster", "instance_type": "ml.m5.large", "hosts": ["localhost"]}
        documents = {
            "hyperparameters": {
                "epochs": "2",
                "sagemaker_program": '"train.py"',
                "sagemaker_submit_directory": json.dumps(str(archive)),
            },
            "resourceconfig": {**resources, "instance_groups": [group]},
            "inputdataconfig": {},
        }
        for name, content in documents.items():
            (tmp_path / "input/config" / f"{name}.json").write_text(json.dumps(content))
        given = {"SAGEMAKER_BASE_DIR": str(tmp_path), "SAGEMAKER_TRAINING_MODULE": "pytorch_training:main"}
        environment = os.environ | given | {"PYTHONPATH": str(FRAMEWORK), "AWS_REGION": "eu-west-1"}
        return subprocess.Popen(
            [str(Path(sys.executable).with_name("train"))],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    return run


def test_the_script_hears_when_the_job_is_stopped(start: Start, tmp_path: Path) -> None:
    train = start(PATIENT)
    assert train.stdout is not None
    for line in train.stdout:
        if line.startswith("ready"):
            assert line == "ready ['--epochs', '2']\n"
            train.send_signal(signal.SIGTERM)  # to this process alone, as Docker does
            break
    said, _ = train.communicate(timeout=30)
    assert "stops" in said
    assert train.returncode == 0
    assert (tmp_path / "model/weights").read_text() == "half"


def test_a_script_that_fails_fails_the_job(start: Start, tmp_path: Path) -> None:
    train = start("print('loss', 0.5); raise ValueError('the rows make no sense')")
    said, _ = train.communicate(timeout=30)
    assert train.returncode == 1
    assert "\nloss 0.5\n" in said  # whole, so that metrics are found in it
    assert "ValueError: the rows make no sense" in said
    assert (tmp_path / "output/failure").read_text().startswith("ExecuteUserScriptError:\nExitCode 1")
