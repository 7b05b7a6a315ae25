"""How jobs end early: stopped by a request, by their time limit, gently or by force."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.sagemaker.support import OUT, s3_output, start_processing, start_training
from tests.local.support import BUCKET, STOP_SECONDS, alive, count, stored

pytestmark = pytest.mark.isolation
Process = Callable[..., dict[str, Any]]
Train = Callable[..., dict[str, Any]]

GENTLE = """
import pathlib, signal, sys, time
folder = pathlib.Path(sys.argv[sys.argv.index("--checkpoints") + 1])
found = folder / "state"
state = int(found.read_text()) if found.exists() else 0
if state: sys.exit(0 if state == 7 else 1)
def save(*_):
    time.sleep(0.5)  # it takes its time
    found.write_text("7")
    sys.exit(0)
signal.signal(signal.SIGTERM, save)
(folder / "begun").write_text("1")
time.sleep(600)
"""
STUBBORN = f"trap '' TERM; echo ready > {OUT}/ready; while true; do sleep 1; done"


def test_stopping_a_training_job(train: Train, sagemaker: Any, wait: Any, script: Callable[[], int]) -> None:
    name = train(sleep="1", wait_for_end=False)["TrainingJobName"]
    pid = script()
    sagemaker.stop_training_job(TrainingJobName=name)
    describe = lambda: sagemaker.describe_training_job(TrainingJobName=name)  # noqa: E731
    done = wait(describe, "TrainingJobStatus", "Stopped", seconds=20)
    assert done["SecondaryStatus"] == "Stopped"
    assert "FailureReason" not in done
    assert not alive(pid)
    with pytest.raises(ClientError, match="the job is in status Stopped"):
        sagemaker.stop_training_job(TrainingJobName=name)


def test_a_job_that_runs_too_long_is_stopped(process: Process) -> None:
    done = process("sleep 600", StoppingCondition={"MaxRuntimeInSeconds": 1})
    assert done["ProcessingJobStatus"] == "Stopped"


def test_a_training_job_that_runs_too_long(train: Train) -> None:
    done = train(1, sleep="1")
    assert (done["TrainingJobStatus"], done["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")


def test_a_stopped_job_may_save_its_state_and_go_on_from_it(sagemaker: Any, s3: Any, wait: Any) -> None:
    given = {"checkpoints": "/opt/ml/checkpoints"}
    config = {"S3Uri": f"s3://{BUCKET}/checkpoints"}
    describe = start_training(sagemaker, s3, "gentle", GENTLE, given, CheckpointConfig=config)
    wait(lambda: count(s3, "checkpoints/begun"), "n", 1)  # sent while the job runs
    sagemaker.stop_training_job(TrainingJobName="gentle")
    assert wait(describe, "TrainingJobStatus", "Stopped", "Failed", seconds=20)["SecondaryStatus"] == "Stopped"
    assert stored(s3, f"s3://{BUCKET}/checkpoints/state") == b"7"
    describe = start_training(sagemaker, s3, "resumed", GENTLE, given, CheckpointConfig=config)
    assert wait(describe, "TrainingJobStatus", "Completed", "Failed")["TrainingJobStatus"] == "Completed"


def test_a_job_that_ignores_sigterm_is_killed(sagemaker: Any, wait: Any, data: Path) -> None:
    outputs = s3_output(f"s3://{BUCKET}/stubborn")
    describe = start_processing(sagemaker, "stubborn", "sh", "-c", STUBBORN, ProcessingOutputConfig=outputs)
    ready = data / "work" / "processing-job-stubborn" / "algo-1" / "ml" / "processing" / "out" / "ready"
    wait(lambda: {"ready": ready.exists()}, "ready", True)
    sagemaker.stop_processing_job(ProcessingJobName="stubborn")
    assert describe()["ProcessingJobStatus"] == "Stopping"
    wait(describe, "ProcessingJobStatus", "Stopped", seconds=STOP_SECONDS + 20)
