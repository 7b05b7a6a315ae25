"""Training jobs as real processes: script mode under AWS's own toolkit, failures, several hosts."""

import io
import json
import os
import signal
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.loopback.ports import free_port
from tests.local.sagemaker.support import start_training
from tests.local.support import BUCKET, stored

pytestmark = pytest.mark.isolation
Train = Callable[..., dict[str, Any]]

TOGETHER = """
import contextlib, json, os, pathlib, socket, time
hosts, mine = json.loads(os.environ["SM_HOSTS"]), os.environ["SM_CURRENT_HOST"]
rank, address = hosts.index(mine), (hosts[0], {port})
if rank == 0:
    with socket.create_server(address) as server, server.accept()[0] as other:
        heard = other.recv(100).decode()
else:
    heard = ""
    while not heard:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(address) as first:
            first.sendall(mine.encode())
            heard = "nothing"
        time.sleep(0.05)
shard = sorted(path.name for path in pathlib.Path(os.environ["SM_CHANNEL_SHARDED"]).iterdir())
found = dict(heard=heard, hosts=hosts, shard=shard)
pathlib.Path(os.environ["SM_MODEL_DIR"], "rank%d.json" % rank).write_text(json.dumps(found))
"""
ONE_FAILS = """
import os, time
if os.environ["SM_CURRENT_HOST"] != "{first}": raise ValueError("the second host is not well")
time.sleep(600)
"""


def test_training_in_script_mode(train: Train, s3: Any, data: Path) -> None:
    done = train(epochs="2")
    assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")
    name = done["TrainingJobName"]
    uri = done["ModelArtifacts"]["S3ModelArtifacts"]
    assert uri == f"s3://{BUCKET}/models/{name}/output/model.tar.gz"
    with tarfile.open(fileobj=io.BytesIO(stored(s3, uri))) as archive:
        assert archive.getnames() == ["weights"]
    with tarfile.open(data / "s3" / BUCKET / "models" / name / "output" / "output.tar.gz") as archive:
        curve = archive.extractfile("curve")
        assert curve is not None
        assert curve.read() == b"--epochs 2"
    assert [(metric["MetricName"], metric["Value"]) for metric in done["FinalMetricDataList"]] == [("loss", 0.25)]
    assert [item["Status"] for item in done["SecondaryStatusTransitions"]] == [
        "Starting",
        "Downloading",
        "Training",
        "Uploading",
        "Completed",
    ]
    assert done["BillableTimeInSeconds"] >= 1


def test_a_failing_script_fails_the_job_with_its_last_words(train: Train) -> None:
    done = train(fail="1")
    assert done["TrainingJobStatus"] == "Failed"
    assert done["FailureReason"].startswith("AlgorithmError: ExecuteUserScriptError:\nExitCode 1\n")
    assert "make no sense" in done["FailureReason"]
    assert len(done["FailureReason"]) <= 1024
    assert "ModelArtifacts" not in done or not done["ModelArtifacts"]


def test_killing_the_script_fails_the_job_and_says_so(
    train: Train, sagemaker: Any, wait: Any, script: Callable[[], int]
) -> None:
    name = train(sleep="1", wait_for_end=False)["TrainingJobName"]
    os.kill(script(), signal.SIGKILL)
    describe = lambda: sagemaker.describe_training_job(TrainingJobName=name)  # noqa: E731
    done = wait(describe, "TrainingJobStatus", "Failed", seconds=20)
    assert "killed by signal 9" in done["FailureReason"]


def test_two_hosts_reach_each_other_and_share_the_data(sagemaker: Any, s3: Any, wait: Any, hosts: list[str]) -> None:
    describe = start_training(sagemaker, s3, "reaching", TOGETHER.format(port=free_port()), hosts=2)
    done = wait(describe, "TrainingJobStatus", "Completed", "Failed")
    assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")
    model = stored(s3, done["ModelArtifacts"]["S3ModelArtifacts"])
    with tarfile.open(fileobj=io.BytesIO(model)) as archive:
        made = [json.load(archive.extractfile(f"rank{rank}.json") or io.BytesIO()) for rank in (0, 1)]
    assert [each["heard"] for each in made] == [hosts[1], "nothing"]
    assert made[0]["hosts"] == hosts
    assert [each["shard"] for each in made] == [["rows"], ["zeros"]]


def test_the_failure_of_one_host_ends_the_others(sagemaker: Any, s3: Any, wait: Any, hosts: list[str]) -> None:
    describe = start_training(sagemaker, s3, "halved", ONE_FAILS.format(first=hosts[0]), hosts=2)
    done = wait(describe, "TrainingJobStatus", "Completed", "Failed")
    assert done["TrainingJobStatus"] == "Failed"
    assert "the second host is not well" in done["FailureReason"]
