"""Nothing outlives the local AWS, however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from local.runtime.processes import OWNER
from local.sagemaker.jobs.containers import isolation
from local.server.embedded import LocalAws, running, start
from tests.local.sagemaker.support import start_processing
from tests.local.support import BUCKET, IMAGE, REGION, ROLE, alive, announced, client, create_bucket, tarred, zipped

INFERENCE = """
import time
def model_fn(model_dir): return 1
def input_fn(body, content_type): return body
def predict_fn(data, model): return data
def output_fn(prediction, accept): return "1", "application/json"
"""


def family(pid: int, count: int) -> list[psutil.Process]:
    """All descendants of a process, once there are as many as expected."""
    deadline = time.monotonic() + 20
    while len(found := psutil.Process(pid).children(recursive=True)) < count:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    return found


def occupy(local_aws: LocalAws, data: Path) -> None:
    """Have a job, a model server and a Lambda worker running.

    The job has a daemon that leaves its process group, but not where it would outlive the job: without namespaces.
    """
    daemon = "setsid sleep 601" if isolation(data) == "namespace" else "sleep 601"
    s3, sagemaker = create_bucket(local_aws), client(local_aws, "sagemaker")
    s3.put_object(Bucket=BUCKET, Key="model.tar.gz", Body=tarred({"code/inference.py": INFERENCE}))
    start_processing(sagemaker, "long", "sh", "-c", f"{daemon} & sleep 602")
    container = {"Image": IMAGE, "ModelDataUrl": f"s3://{BUCKET}/model.tar.gz"}
    sagemaker.create_model(ModelName="m", PrimaryContainer=container, ExecutionRoleArn=ROLE)
    variant = {"VariantName": "v", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    capture = {
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{BUCKET}/capture",
        "CaptureOptions": [{"CaptureMode": "Output"}],
    }
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant], DataCaptureConfig=capture)
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    client(local_aws, "iam").create_role(RoleName="tests", AssumeRolePolicyDocument="{}")
    functions = client(local_aws, "lambda")
    code = zipped("def handler(event, context): return 1")
    functions.create_function(
        FunctionName="f", Runtime="python3.11", Role=ROLE, Handler="handler.handler", Code={"ZipFile": code}
    )
    functions.invoke(FunctionName="f")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="e", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    client(local_aws, "sagemaker-runtime").invoke_endpoint(EndpointName="e", Body=b"x")


@pytest.mark.isolation
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_outlives_the_server(server: subprocess.Popen[str], tmp_path: Path, number: int) -> None:
    local_aws = announced(server)
    data = tmp_path / "data"
    assert running(data) == local_aws
    occupy(local_aws, data)
    children = family(server.pid, 7)
    commands = {" ".join(child.cmdline()) for child in children}
    assert any("containers.serving" in command for command in commands), commands
    assert any("awslambdaric" in command for command in commands), commands
    assert "sleep 601" in commands
    server.send_signal(number)
    assert server.wait(timeout=20) == (0 if number != signal.SIGKILL else -number)
    deadline = time.monotonic() + 5
    while any(alive(child.pid) for child in children):
        assert time.monotonic() < deadline, [child for child in children if alive(child.pid)]
        time.sleep(0.05)
    assert running(data) is None
    if number != signal.SIGKILL:
        assert not (data / "server.json").exists()
        assert not (data / "work").exists()
        (captured,) = (data / "s3" / BUCKET / "capture").rglob("*.jsonl")
        assert json.loads(captured.read_text())["captureData"].keys() == {"endpointOutput"}


def test_an_embedded_one_ends_with_its_parent(tmp_path: Path) -> None:
    parent = f"""
import sys, time, pathlib
from local.server.embedded import start
with start(pathlib.Path({str(tmp_path)!r}), "eu-west-1") as found:
    print(found.endpoint_url, flush=True)
    time.sleep(600)
"""
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    found = running(tmp_path)
    assert found is not None
    assert found.endpoint_url == url
    pid = json.loads((tmp_path / "server.json").read_text())["pid"]
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 10
    while alive(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert running(tmp_path) is None


def sleepers(data: Path) -> list[psutil.Process]:
    """The daemons that the job of the next test started, not those of another run of it on this machine."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "environ"])
        if process.info["cmdline"] == ["sleep", "603"] and (process.info["environ"] or {}).get(OWNER) == str(data)
    ]


def test_the_next_start_ends_what_a_killed_one_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCAL_AWS_ISOLATION", "folder")  # where a process that leaves its group survives
    argv = [sys.executable, "-m", "local", "--data", str(tmp_path), "--region", REGION]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as server:
        sagemaker = client(announced(server), "sagemaker")
        start_processing(sagemaker, "daemon", "sh", "-c", "setsid sleep 603 & sleep 604")
        deadline = time.monotonic() + 20
        while not (left := sleepers(tmp_path)):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        server.kill()
    assert alive(left[0].pid)
    assert (tmp_path / "work").exists()
    lines: list[str] = []
    with start(tmp_path, REGION, lines.append):
        assert not alive(left[0].pid)
        assert list((tmp_path / "work").iterdir()) == []
        deadline = time.monotonic() + 5
        while not any("processes of a local AWS that was killed" in line for line in lines):
            assert time.monotonic() < deadline
            time.sleep(0.05)
