"""Starting: a data folder and a port belong to one local AWS, which says what happens."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from local.protocol.errors import LocalAwsError
from local.server import embedded
from local.server.embedded import LocalAws, running, start
from tests.local.support import BUCKET, REGION, Hear, announced, client, create_bucket


def test_a_data_folder_belongs_to_one_server(aws: LocalAws, data: Path) -> None:
    with pytest.raises(LocalAwsError, match=f"belongs to the local AWS at {aws.endpoint_url}"), start(data, REGION):
        pytest.fail("a second one started")


def test_one_that_is_paused_is_neither_dead_nor_anybody_elses(
    server: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "ANSWER_SECONDS", 0.5)
    local_aws, data = announced(server), tmp_path / "data"
    create_bucket(local_aws)
    server.send_signal(signal.SIGSTOP)
    with pytest.raises(LocalAwsError, match=rf"\(process {server.pid}, since .*\) is there, but does not answer"):
        running(data)
    with pytest.raises(LocalAwsError, match=rf"belongs to .* \(process {server.pid}, since "), start(data, REGION):
        pytest.fail("a second one started")
    server.send_signal(signal.SIGCONT)
    assert running(data) == local_aws
    assert [each["Name"] for each in client(local_aws, "s3").list_buckets()["Buckets"]] == [BUCKET]


def test_a_data_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "data"
    with (
        pytest.raises(LocalAwsError, match=rf"not start: The data folder {folder} cannot be used"),
        start(folder, REGION),
    ):
        pytest.fail("it started")


def test_it_listens_on_the_loopback_interface_only(aws: LocalAws, data: Path) -> None:
    pid = json.loads((data / "server.json").read_text())["pid"]
    listening = [item for item in psutil.Process(pid).net_connections() if item.status == psutil.CONN_LISTEN]
    assert listening
    assert {item.laddr.ip for item in listening} == {"127.0.0.1"}


def test_what_it_says_is_in_its_log(data: Path, hear: Hear, sagemaker: Any) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="said")
    sagemaker.create_model_package(ModelPackageGroupName="said")
    hear("model package said/1: registered")
    assert "model package said/1: registered" in (data / "logs" / "local-aws.log").read_text()


def test_two_run_side_by_side(aws: LocalAws, tmp_path: Path) -> None:
    with start(tmp_path, "us-west-2") as other:
        assert other.endpoint_url != aws.endpoint_url
        client(other, "sagemaker").create_model_package_group(ModelPackageGroupName="beside")
        listed = client(aws, "sagemaker").list_model_package_groups(NameContains="beside")
        assert listed["ModelPackageGroupSummaryList"] == []


def test_the_port_can_be_chosen_and_may_be_taken(tmp_path: Path, aws: LocalAws) -> None:
    port = aws.endpoint_url.rpartition(":")[2]
    argv = [sys.executable, "-m", "local", "--data", str(tmp_path), "--port", port]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"Cannot listen on port {port} of 127.0.0.1; choose another port"


def test_up_prints_what_to_export_and_shows_what_happens(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "pipelines.cli", "local", "up", "--port", "0", "--data", str(tmp_path / "here")]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as server:
        try:
            check_what_is_shown(server, tmp_path / "here")
        finally:
            server.kill()  # otherwise a failure would wait for its end


def check_what_is_shown(server: subprocess.Popen[str], data: Path) -> None:
    assert server.stdout is not None
    exported: dict[str, str] = {}
    while (found := running(data)) is None or len(exported) < len(found.environment):
        line = server.stdout.readline().rstrip()
        assert server.poll() is None, line
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            exported[name] = value
    assert exported == found.environment
    client(found, "sagemaker").create_model_package_group(ModelPackageGroupName="seen")
    client(found, "sagemaker").create_model_package(ModelPackageGroupName="seen")
    while "model package seen/1: registered" not in (line := server.stdout.readline()):
        assert line
    server.terminate()
    assert server.wait(timeout=20) == 0


def test_warnings_are_in_the_log_file(aws: LocalAws, data: Path, lines: list[str]) -> None:
    resource = {"Type": "AWS::CodeBuild::Project", "Properties": {}}
    template = json.dumps({"Resources": {"Unknown": resource}})
    client(aws, "cloudformation").create_stack(StackName="unknown", TemplateBody=template)
    assert "AWS::CodeBuild::Project" in (data / "logs" / "errors.log").read_text()
    assert not [line for line in lines if "CodeBuild" in line]
