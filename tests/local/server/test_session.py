"""The session of docs/aws-session.md, with the `aws` command and plain boto3, against `scones local up`."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from quick_configs import copy_configs

ROOT = Path(__file__).parents[3]
QUICK = {
    "epochs": "1",
    "folds": "2",
    "width": "8",
    "minimum_accuracy": "0.0",
    "minimum_robust_accuracy": "0.0",
    "maximum_others_decided": "1.0",
    "minimum_coverage": "0.0",
    "target_precision": "0.99",
}
PROGRAMS = Path(sys.executable).parent
EXPORTED = 5  # variables that `scones local up` shows


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a shell after `scones local up` in another one, with settings that train quickly."""
    configs = copy_configs(tmp_path, QUICK)
    environment = {
        **os.environ,
        "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "SCONES_CONFIGS": str(configs),
        "SAGEMAKER_MODEL_SERVER_WORKERS": "1",
    }
    command = [sys.executable, "-m", "pipelines.cli", "local", "up", "--port", "0"]
    server = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    exported = {}
    while len(exported) < 5:
        line = server.stdout.readline()
        assert line, "the local AWS did not start"
        if match := re.fullmatch(r"export (\w+)=(.+)\n", line):
            exported[match[1]] = match[2]
    log = (tmp_path / "server.log").open("w")
    copy = subprocess.Popen(["cat"], stdin=server.stdout, stdout=log)
    yield {**environment, **exported}
    server.terminate()
    assert server.wait(timeout=60) == 0
    copy.wait(timeout=10)


def test_the_documented_session(shell: dict[str, str], tmp_path: Path) -> None:
    if shutil.which("aws", path=shell["PATH"]) is None:
        pytest.skip("the `aws` command is not on PATH; install awscli in an environment of its own")
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs" / "aws-session.md").read_text(), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 8
    script = "\n".join(f"echo '== block {number}'\n{block}" for number, block in enumerate(blocks))
    script = script.replace("scones data generate", "scones data generate --train 24 --test 5")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env=shell,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=550,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    said = dict(enumerate(done.stdout.split("== block ")[1:]))
    assert f"{'scones-unlimited-local-storage'}\tCREATE_COMPLETE" in said[1]
    assert "cifar-100-python.tar.gz" in said[2]
    assert re.search(r"TrainModel\tSucceeded", said[3])
    assert "Reporting training SUCCESS" in said[3]
    assert re.search(r"TrainModel Succeeded arn:aws:sagemaker:.*/execution/", said[4])
    assert "1\tPendingManualApproval\n2\tPendingManualApproval" in said[5]
    assert re.search(r"InService\t\S+", said[5])
    assert '"probabilities"' in said[6]
    assert said[7].count("SUCCEEDED\t") == 2
    assert "ExecutionSucceeded" in said[7]
    check_reviews(said[7])


def check_reviews(said: str) -> None:
    """No photo was sure enough for this model: each was sent to the review queue, from which one is received."""
    outputs = [json.loads(line) for line in re.findall(r"^SUCCEEDED\t(.*)$", said, re.MULTILINE)]
    assert len(outputs) == 2
    assert {output["decision"] for output in outputs} <= {"low_confidence", "not_a_known_vehicle"}
    assert all(output["review"]["MessageId"] for output in outputs)
    received = json.loads(said.rpartition("ExecutionSucceeded")[2])
    (reviewed,) = (output for output in outputs if output["inference_id"] == received["execution"])
    assert received["photo"].items() <= reviewed.items()
