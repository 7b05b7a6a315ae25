"""Processing and training jobs as real processes."""

import io
import json
import os
import re
import signal
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from botocore.exceptions import ClientError

from local.sagemaker.jobs.containers import isolation
from local.server.embedded import running, start
from tests.local.conftest import BUCKET, IMAGE, REGION, ROLE, STOP_SECONDS, client, tarred

CLUSTER = {"ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}}
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
Train = Callable[..., dict[str, Any]]
Process = Callable[..., dict[str, Any]]


@pytest.fixture
def process(sagemaker: Any, wait: Any, request: pytest.FixtureRequest) -> Process:
    name = re.sub(r"[^a-zA-Z0-9]+", "-", request.node.name).strip("-")[:60].strip("-")

    def run(shell: str, **more: Any) -> dict[str, Any]:
        sagemaker.create_processing_job(
            ProcessingJobName=name,
            ProcessingResources=CLUSTER,
            AppSpecification={"ImageUri": IMAGE, "ContainerEntrypoint": ["sh", "-c", shell]},
            RoleArn=ROLE,
            **more,
        )
        describe = lambda: sagemaker.describe_processing_job(ProcessingJobName=name)  # noqa: E731
        return dict(wait(describe, "ProcessingJobStatus", "Completed", "Failed", "Stopped"))

    return run


@pytest.fixture
def train(sagemaker: Any, s3: Any, wait: Any, request: pytest.FixtureRequest) -> Train:
    name = re.sub(r"[^a-zA-Z0-9]+", "-", request.node.name).strip("-")[:60].strip("-")

    def run(seconds: int = 60, *, wait_for_end: bool = True, **hyperparameters: str) -> dict[str, Any]:
        start_training(sagemaker, s3, name, seconds, hyperparameters)
        describe = lambda: sagemaker.describe_training_job(TrainingJobName=name)  # noqa: E731
        endings = ("Completed", "Failed", "Stopped")
        return dict(wait(describe, "TrainingJobStatus", *endings) if wait_for_end else describe())

    return run


def start_training(
    sagemaker: Any,
    s3: Any,
    name: str,
    seconds: int,
    hyperparameters: dict[str, str],
    code: str = TRAIN,
    count: int = 1,
    **more: Any,
) -> None:
    """Create a training job of a script, in script mode."""
    s3.put_object(Bucket=BUCKET, Key=f"code/{name}.tar.gz", Body=tarred({"package/train.py": code}))
    s3.put_object(Bucket=BUCKET, Key="rows/rows", Body=b"1 2 3")
    s3.put_object(Bucket=BUCKET, Key="rows/zeros", Body=b"0")
    given = {
        "sagemaker_program": "package/train.py",
        "sagemaker_submit_directory": f"s3://{BUCKET}/code/{name}.tar.gz",
        **hyperparameters,
    }
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/rows"}
    sharded = {**source, "S3DataDistributionType": "ShardedByS3Key"}
    channels = {"train": source, "sharded": sharded} if count > 1 else {"train": source}
    sagemaker.create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "loss", "Regex": r"loss=([0-9.]+);"}],
        },
        HyperParameters=given,
        InputDataConfig=[
            {"ChannelName": channel, "DataSource": {"S3DataSource": source}} for channel, source in channels.items()
        ],
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/models"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": count, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": seconds},
        RoleArn=ROLE,
        **more,
    )


def stored(s3: Any, uri: str) -> bytes:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def test_a_processing_job_follows_the_container_contract(process: Process, s3: Any, data: Path, aws: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="photos/a.txt", Body=b"a")
    s3.put_object(Bucket=BUCKET, Key="photos/deep/b.txt", Body=b"b")
    s3.put_object(Bucket=BUCKET, Key="photos-other/c.txt", Body=b"c")
    script = """
    set -e
    find /opt/ml/processing/in -type f | sort > /opt/ml/processing/out/found
    cp /opt/ml/config/*.json /opt/ml/processing/out/
    env > /opt/ml/processing/out/env
    python3 -c 'import sys; print(sys.executable)' > /opt/ml/processing/out/python
    echo a line of the log
    printf 'all is well' > /opt/ml/output/message
    """
    s3.put_object(Bucket=BUCKET, Key="code/job.sh", Body=script.encode())
    inputs = [
        {
            "InputName": name.replace("/", "-"),
            "S3Input": {
                "S3Uri": f"s3://{BUCKET}/{key}",
                "LocalPath": f"/opt/ml/processing/{name}",
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
            },
        }
        for name, key in (("in/folder", "photos"), ("in/object", "photos/deep/b.txt"), ("code", "code/job.sh"))
    ]
    target = {"S3Uri": f"s3://{BUCKET}/out", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}
    done = process(
        "sh /opt/ml/processing/code/job.sh",
        ProcessingInputs=inputs,
        ProcessingOutputConfig={"Outputs": [{"OutputName": "out", "S3Output": target}]},
        Environment={"MODE": "test"},
    )
    assert (done["ProcessingJobStatus"], done["ExitMessage"]) == ("Completed", "all is well")
    assert stored(s3, f"s3://{BUCKET}/out/found").decode().split() == [
        "/opt/ml/processing/in/folder/a.txt",
        "/opt/ml/processing/in/folder/deep/b.txt",
        "/opt/ml/processing/in/object/b.txt",
    ]
    config = json.loads(stored(s3, f"s3://{BUCKET}/out/processingjobconfig.json"))
    assert config["ProcessingJobName"] == done["ProcessingJobName"]
    assert config["ProcessingInputs"] == inputs
    environment = dict(line.split("=", 1) for line in stored(s3, f"s3://{BUCKET}/out/env").decode().splitlines())
    assert environment["MODE"] == "test"
    assert environment["AWS_ENDPOINT_URL"] == aws.endpoint_url
    assert "PYTEST_CURRENT_TEST" not in environment
    assert (data / "s3" / BUCKET / "out" / "found").is_file()
    assert not any((data / "work").glob("processing-job-*"))
    name = done["ProcessingJobName"]
    log = data / "logs" / "sagemaker-ProcessingJobs" / f"{name}-algo-1.log"
    assert "a line of the log" in log.read_text()


def test_a_failed_processing_job_uploads_nothing(process: Process, s3: Any) -> None:
    target = {"S3Uri": f"s3://{BUCKET}/never", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}
    done = process(
        "echo 1 > /opt/ml/processing/out/x; echo it broke >&2; exit 7",
        ProcessingOutputConfig={"Outputs": [{"OutputName": "out", "S3Output": target}]},
    )
    assert (done["ProcessingJobStatus"], done["FailureReason"]) == ("Failed", "AlgorithmError: it broke, exit code 7")
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix="never")


def test_outputs_that_cannot_be_uploaded_fail_the_job(process: Process) -> None:
    target = {"S3Uri": "s3://no-such-bucket/x", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}
    done = process(
        "echo 1 > /opt/ml/processing/out/x",
        ProcessingOutputConfig={"Outputs": [{"OutputName": "out", "S3Output": target}]},
    )
    assert done["ProcessingJobStatus"] == "Failed"
    assert done["FailureReason"].startswith("ClientError: Data upload failed: s3://no-such-bucket/x/x")


def test_a_missing_input_fails_the_job(process: Process) -> None:
    source = {
        "S3Uri": f"s3://{BUCKET}/nothing/here",
        "LocalPath": "/opt/ml/processing/in",
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
    }
    done = process("true", ProcessingInputs=[{"InputName": "in", "S3Input": source}])
    assert done["ProcessingJobStatus"] == "Failed"
    assert f'No S3 objects found under S3 URL "s3://{BUCKET}/nothing/here"' in done["FailureReason"]


def test_a_job_that_runs_too_long_is_stopped(process: Process) -> None:
    done = process("sleep 600", StoppingCondition={"MaxRuntimeInSeconds": 1})
    assert done["ProcessingJobStatus"] == "Stopped"


def test_hosts_process_their_shares(sagemaker: Any, s3: Any, wait: Any) -> None:
    for name in ("a", "b", "c"):
        s3.put_object(Bucket=BUCKET, Key=f"shared/{name}", Body=b"1")
    script = """
import json, os, pathlib, shutil
config = "/opt/ml/config/resourceconfig.json"
host = json.load(open(config))["current_host"]
out = pathlib.Path("/opt/ml/processing/out")
for name in ("sharded", "whole"):
    (out / f"{host}.{name}").write_text(" ".join(sorted(os.listdir(f"/opt/ml/processing/{name}"))))
shutil.copy(config, out / f"{host}.json")
"""
    s3.put_object(Bucket=BUCKET, Key="shares-code/job.py", Body=script.encode())
    inputs = [
        {
            "InputName": name,
            "S3Input": {
                "S3Uri": f"s3://{BUCKET}/{key}",
                "LocalPath": f"/opt/ml/processing/{name}",
                "S3DataType": "S3Prefix",
                "S3InputMode": "File",
                "S3DataDistributionType": distribution,
            },
        }
        for name, key, distribution in (
            ("sharded", "shared", "ShardedByS3Key"),
            ("whole", "shared", "FullyReplicated"),
            ("code", "shares-code", "FullyReplicated"),
        )
    ]
    target = {"S3Uri": f"s3://{BUCKET}/shares", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}
    sagemaker.create_processing_job(
        ProcessingJobName="shares",
        ProcessingResources={"ClusterConfig": {**CLUSTER["ClusterConfig"], "InstanceCount": 2}},
        AppSpecification={"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", "/opt/ml/processing/code/job.py"]},
        ProcessingInputs=inputs,
        ProcessingOutputConfig={"Outputs": [{"OutputName": "out", "S3Output": target}]},
        RoleArn=ROLE,
    )
    describe = lambda: sagemaker.describe_processing_job(ProcessingJobName="shares")  # noqa: E731
    done = wait(describe, "ProcessingJobStatus", "Completed", "Failed")
    assert done["ProcessingJobStatus"] == "Completed", done["FailureReason"]
    found = lambda name: stored(s3, f"s3://{BUCKET}/shares/{name}").decode()  # noqa: E731
    assert [found(f"127.0.0.{n}.sharded").split() for n in (1, 2)] == [["a", "c"], ["b"]]
    assert [found(f"127.0.0.{n}.whole").split() for n in (1, 2)] == [["a", "b", "c"]] * 2
    config = json.loads(found("127.0.0.2.json"))
    assert config["hosts"] == ["127.0.0.1", "127.0.0.2"]


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


def test_killing_the_script_fails_the_job_and_says_so(train: Train, sagemaker: Any, wait: Any) -> None:
    name = train(sleep="1", wait_for_end=False)["TrainingJobName"]
    os.kill(script(wait), signal.SIGKILL)
    describe = lambda: sagemaker.describe_training_job(TrainingJobName=name)  # noqa: E731
    done = wait(describe, "TrainingJobStatus", "Failed", seconds=10)
    assert "killed by signal 9" in done["FailureReason"]


def script(wait: Any) -> int:
    """The process of the training script, once it sleeps."""

    def find() -> dict[str, Any]:
        for child in psutil.process_iter(["pid", "cmdline"]):
            line = child.info["cmdline"] or []
            if "package/train.py" in line and "--sleep" in line:
                return {"pid": child.info["pid"], "found": True}
        return {"found": False}

    return int(wait(find, "found", True)["pid"])


def test_stopping_a_training_job(train: Train, sagemaker: Any, wait: Any) -> None:
    name = train(sleep="1", wait_for_end=False)["TrainingJobName"]
    pid = script(wait)
    sagemaker.stop_training_job(TrainingJobName=name)
    describe = lambda: sagemaker.describe_training_job(TrainingJobName=name)  # noqa: E731
    done = wait(describe, "TrainingJobStatus", "Stopped", seconds=10)
    assert done["SecondaryStatus"] == "Stopped"
    assert "FailureReason" not in done
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    with pytest.raises(ClientError, match="the job is in status Stopped"):
        sagemaker.stop_training_job(TrainingJobName=name)


def test_a_training_job_that_runs_too_long(train: Train) -> None:
    done = train(3, sleep="1")
    assert (done["TrainingJobStatus"], done["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")


def test_lists_filter_sort_and_page(sagemaker: Any, process: Process, wait: Any) -> None:
    process("true")
    listed = sagemaker.list_processing_jobs(NameContains="test-lists", StatusEquals="Completed")
    (summary,) = listed["ProcessingJobSummaries"]
    assert summary["ProcessingJobStatus"] == "Completed"
    assert sagemaker.list_processing_jobs(NameContains="no such")["ProcessingJobSummaries"] == []
    pages = sagemaker.get_paginator("list_processing_jobs").paginate(PaginationConfig={"PageSize": 1})
    names = [item["ProcessingJobName"] for page in pages for item in page["ProcessingJobSummaries"]]
    assert len(names) == len(set(names)) >= 1
    sagemaker.delete_processing_job(ProcessingJobName=summary["ProcessingJobName"])
    assert sagemaker.list_processing_jobs(NameContains="test-lists")["ProcessingJobSummaries"] == []


def test_requests_that_cannot_run_are_refused(sagemaker: Any, process: Process) -> None:
    with pytest.raises(ClientError, match=r"needs AppSpecification\.ContainerEntrypoint"):
        sagemaker.create_processing_job(
            ProcessingJobName="no-command",
            ProcessingResources=CLUSTER,
            AppSpecification={"ImageUri": IMAGE},
            RoleArn=ROLE,
        )
    with pytest.raises(ClientError, match=r"does not act upon ProcessingInputs\.DatasetDefinition"):
        process("true", ProcessingInputs=[{"InputName": "in", "DatasetDefinition": {"LocalPath": "/opt/ml/in"}}])
    process("true")
    with pytest.raises(ClientError, match="ResourceInUse"):
        process("true")
    with pytest.raises(ClientError, match="Could not find requested job with name: nothing"):
        sagemaker.describe_processing_job(ProcessingJobName="nothing")


def test_what_does_not_execute_is_refused(aws: Any, sagemaker: Any) -> None:
    with pytest.raises(ClientError, match="does not execute ListTransformJobs"):
        sagemaker.list_transform_jobs()
    with pytest.raises(ClientError, match="regular expression pattern"):
        sagemaker.describe_endpoint(EndpointName="not a name!")
    logs = client(aws, "logs")
    assert logs.describe_log_groups(logGroupNamePrefix="/aws/sagemaker")["logGroups"]


def test_jobs_run_where_namespaces_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait: Any) -> None:
    monkeypatch.setenv("LOCAL_AWS_ISOLATION", "folder")
    with start(tmp_path, REGION) as local_aws:
        s3, sagemaker = client(local_aws, "s3"), client(local_aws, "sagemaker")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        shell = "echo $SAGEMAKER_BASE_DIR $HERE > /opt/ml/processing/out/where"
        target = {"S3Uri": f"s3://{BUCKET}/out", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}
        sagemaker.create_processing_job(
            ProcessingJobName="moved",
            ProcessingResources=CLUSTER,
            AppSpecification={"ImageUri": IMAGE, "ContainerEntrypoint": ["sh", "-c", shell]},
            ProcessingOutputConfig={"Outputs": [{"OutputName": "out", "S3Output": target}]},
            Environment={"HERE": "/opt/ml/here"},
            RoleArn=ROLE,
        )
        describe = lambda: sagemaker.describe_processing_job(ProcessingJobName="moved")  # noqa: E731
        wait(describe, "ProcessingJobStatus", "Completed")
        base, here = stored(s3, f"s3://{BUCKET}/out/where").decode().split()
        assert base == str(tmp_path / "work" / "processing-job-moved" / "algo-1" / "ml")
        assert here == f"{base}/here"
        start_training(sagemaker, s3, "moved", 60, {"epochs": "1"})
        describe = lambda: sagemaker.describe_training_job(TrainingJobName="moved")  # noqa: E731
        done = wait(describe, "TrainingJobStatus", "Completed", "Failed")
        assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")


def test_where_namespaces_are_refused_each_training_has_its_own_checkpoints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait: Any
) -> None:
    monkeypatch.setenv("LOCAL_AWS_ISOLATION", "folder")
    code = "import pathlib, sys; folder, state = sys.argv[2::2]; pathlib.Path(folder, 'state').write_text(state)"
    with start(tmp_path, REGION) as local_aws:
        s3, sagemaker = client(local_aws, "s3"), client(local_aws, "sagemaker")
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        given = {"folder": "/opt/ml/checkpoints", "state": ""}
        for name in ("one", "two"):
            config = {"S3Uri": f"s3://{BUCKET}/checkpoints/{name}"}
            start_training(sagemaker, s3, name, 60, {**given, "state": name}, code, CheckpointConfig=config)
        for name in ("one", "two"):
            describe = lambda name=name: sagemaker.describe_training_job(TrainingJobName=name)  # noqa: E731
            done = wait(describe, "TrainingJobStatus", "Completed", "Failed")
            assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")
            assert done["HyperParameters"]["folder"] == "/opt/ml/checkpoints"
            assert stored(s3, f"s3://{BUCKET}/checkpoints/{name}/state") == name.encode()


GENTLE = """
import pathlib, signal, sys, time
folder = pathlib.Path("/opt/ml/checkpoints")
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
STUBBORN = "trap '' TERM; echo ready > /opt/ml/processing/out/ready; while true; do sleep 1; done"
DISTRIBUTED = """
import json, os, pathlib
import torch, torch.distributed as dist
dist.init_process_group("gloo")
total = torch.tensor([float(dist.get_rank() + 1)])
dist.all_reduce(total)
shard = sorted(path.name for path in pathlib.Path(os.environ["SM_CHANNEL_SHARDED"]).iterdir())
hosts = json.loads(os.environ["SM_HOSTS"])
found = {"total": total.item(), "world": dist.get_world_size(), "hosts": hosts, "shard": shard}
path = pathlib.Path(os.environ["SM_MODEL_DIR"], f"rank{dist.get_rank()}.json")
path.write_text(json.dumps(found))
if "FAIL" in os.environ and dist.get_rank() == 1: raise ValueError("the second host is not well")
dist.barrier()
dist.destroy_process_group()
"""


def test_a_stopped_job_may_save_its_state_and_go_on_from_it(sagemaker: Any, s3: Any, wait: Any) -> None:
    config = {"S3Uri": f"s3://{BUCKET}/checkpoints"}
    start_training(sagemaker, s3, "gentle", 60, {}, GENTLE, CheckpointConfig=config)
    key = lambda name: {"n": s3.list_objects_v2(Bucket=BUCKET, Prefix=f"checkpoints/{name}")["KeyCount"]}  # noqa: E731
    wait(lambda: key("begun"), "n", 1)  # sent while the job runs
    sagemaker.stop_training_job(TrainingJobName="gentle")
    describe = lambda: sagemaker.describe_training_job(TrainingJobName="gentle")  # noqa: E731
    assert wait(describe, "TrainingJobStatus", "Stopped", "Failed", seconds=20)["SecondaryStatus"] == "Stopped"
    assert stored(s3, f"s3://{BUCKET}/checkpoints/state") == b"7"
    start_training(sagemaker, s3, "resumed", 60, {}, GENTLE, CheckpointConfig=config)
    describe = lambda: sagemaker.describe_training_job(TrainingJobName="resumed")  # noqa: E731
    assert wait(describe, "TrainingJobStatus", "Completed", "Failed")["TrainingJobStatus"] == "Completed"


def test_a_job_that_ignores_sigterm_is_killed(sagemaker: Any, wait: Any, data: Path) -> None:
    target = {"S3Uri": f"s3://{BUCKET}/stubborn", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}
    sagemaker.create_processing_job(
        ProcessingJobName="stubborn",
        ProcessingResources=CLUSTER,
        AppSpecification={"ImageUri": IMAGE, "ContainerEntrypoint": ["sh", "-c", STUBBORN]},
        ProcessingOutputConfig={"Outputs": [{"OutputName": "out", "S3Output": target}]},
        RoleArn=ROLE,
    )
    ready = data / "work" / "processing-job-stubborn" / "algo-1" / "ml" / "processing" / "out" / "ready"
    wait(lambda: {"ready": ready.exists()}, "ready", True)
    sagemaker.stop_processing_job(ProcessingJobName="stubborn")
    describe = lambda: sagemaker.describe_processing_job(ProcessingJobName="stubborn")  # noqa: E731
    assert describe()["ProcessingJobStatus"] == "Stopping"
    wait(describe, "ProcessingJobStatus", "Stopped", seconds=STOP_SECONDS + 10)


def test_two_hosts_train_together(sagemaker: Any, s3: Any, wait: Any) -> None:
    launch = {"sagemaker_torch_distributed_enabled": "true", "sagemaker_instance_type": "ml.m5.large"}
    start_training(sagemaker, s3, "distributed", 120, launch, DISTRIBUTED, count=2)
    describe = lambda: sagemaker.describe_training_job(TrainingJobName="distributed")  # noqa: E731
    done = wait(describe, "TrainingJobStatus", "Completed", "Failed", seconds=120)
    assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")
    model = stored(s3, done["ModelArtifacts"]["S3ModelArtifacts"])
    with tarfile.open(fileobj=io.BytesIO(model)) as archive:
        made = [json.load(archive.extractfile(f"rank{rank}.json") or io.BytesIO()) for rank in (0, 1)]
    assert [(each["total"], each["world"]) for each in made] == [(3.0, 2), (3.0, 2)]
    assert made[0]["hosts"] == ["127.0.0.1", "127.0.0.2"]
    assert [each["shard"] for each in made] == [["rows"], ["zeros"]]


def test_the_failure_of_one_host_ends_the_others(sagemaker: Any, s3: Any, wait: Any) -> None:
    launch = {"sagemaker_torch_distributed_enabled": "true", "sagemaker_instance_type": "ml.m5.large"}
    start_training(sagemaker, s3, "halved", 120, launch, DISTRIBUTED, count=2, Environment={"FAIL": "1"})
    describe = lambda: sagemaker.describe_training_job(TrainingJobName="halved")  # noqa: E731
    done = wait(describe, "TrainingJobStatus", "Completed", "Failed", seconds=60)
    assert done["TrainingJobStatus"] == "Failed"


@pytest.mark.parametrize("path", ["/etc", "/opt/ml/../../etc", "/opt/mlx"])
def test_a_local_path_cannot_leave_the_container(process: Process, path: str, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="escape/file", Body=b"1")
    source = {
        "S3Uri": f"s3://{BUCKET}/escape",
        "LocalPath": path,
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
    }
    done = process("true", ProcessingInputs=[{"InputName": "in", "S3Input": source}])
    assert (done["ProcessingJobStatus"], "is not below /opt/ml" in done["FailureReason"]) == ("Failed", True)


def test_an_s3_key_cannot_leave_its_folder(process: Process, s3: Any, data: Path) -> None:
    s3.put_object(Bucket=BUCKET, Key="up/../../../../escaped", Body=b"1")
    source = {
        "S3Uri": f"s3://{BUCKET}/up/",
        "LocalPath": "/opt/ml/processing/in",
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
    }
    done = process("true", ProcessingInputs=[{"InputName": "in", "S3Input": source}])
    assert "would leave its folder" in done["FailureReason"]
    assert not list(data.rglob("escaped"))


def test_a_link_cannot_bring_a_file_of_the_machine_to_s3(process: Process, s3: Any) -> None:
    target = {"S3Uri": f"s3://{BUCKET}/links", "LocalPath": "/opt/ml/processing/out", "S3UploadMode": "EndOfJob"}
    done = process(
        "cd /opt/ml/processing/out; ln -s /etc/passwd stolen; ln -s /etc folder; echo 1 > mine",
        ProcessingOutputConfig={"Outputs": [{"OutputName": "out", "S3Output": target}]},
    )
    assert done["ProcessingJobStatus"] == "Completed"
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET, Prefix="links")["Contents"]]
    assert keys == ["links/mine"]


def test_a_job_cannot_take_the_server_down(process: Process, data: Path, aws: Any) -> None:
    if isolation(data) != "namespace":
        pytest.skip("jobs have no PID namespace of their own here, so `kill -9 -1` would end the processes of the user")
    noise = "for n in $(seq 20000); do echo line $n; done; head -c 5000000 /dev/zero | tr '\\0' x"
    # The job looks once more before it kills: a fault in the isolation must not cost anybody their processes.
    kill = 'if [ "$(readlink /proc/self/ns/pid)" = "$OUTSIDE" ]; then exit 0; fi; kill -9 -1; exit 4'
    done = process(f"{noise}; {kill}", Environment={"OUTSIDE": str(Path("/proc/self/ns/pid").readlink())})
    assert done["ProcessingJobStatus"] == "Failed"
    assert running(data) == aws
