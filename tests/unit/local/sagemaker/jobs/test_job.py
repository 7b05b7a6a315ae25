import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.protocol.errors import JobError, LocalAwsError
from local.runtime.processes import base_environment, describe_exit
from local.runtime.s3 import split
from local.sagemaker.hosting.model_process import unpack
from local.sagemaker.jobs.containers import PREFIX, enclose, wanted_isolation
from local.sagemaker.jobs.job import cut, exit_reason, stop_seconds
from local.sagemaker.jobs.training import explain
from local.sagemaker.pipelines.steps import job_name

FAILURE = 'ExecuteUserScriptError:\nExitCode {code}\nErrorMessage "{message}"\nCommand "python train.py --epochs 1"'


def test_a_long_reason_keeps_its_beginning_and_its_end() -> None:
    reason = "AlgorithmError: " + "x" * 3000 + "ValueError: no rows"
    short = cut(reason)
    assert len(short) == 1024
    assert short.startswith("AlgorithmError: x")
    assert short.endswith("xValueError: no rows")
    assert cut("short") == "short"


def test_exit_codes_in_words() -> None:
    assert describe_exit(3) == "exit code 3"
    assert describe_exit(137) == "exit code 137 (killed by signal 9)"
    assert exit_reason("it broke\n", 1) == "AlgorithmError: it broke, exit code 1"
    assert exit_reason("", 137) == "AlgorithmError: exit code 137 (killed by signal 9)"


def test_the_toolkits_failure_gets_the_scripts_last_words() -> None:
    tail = ["Traceback", "ValueError: no rows", "… ERROR    Reporting training FAILURE", "ExitCode 1"]
    assert explain(FAILURE.format(code=1, message=""), tail) == (
        "ExecuteUserScriptError:\nExitCode 1\n"
        'ErrorMessage "Traceback\nValueError: no rows"\nCommand "python train.py --epochs 1"'
    )
    assert 'ErrorMessage "said"' in explain(FAILURE.format(code=1, message="said"), tail)
    assert "ExitCode -9 (killed by signal 9)\n" in explain(FAILURE.format(code=-9, message=""), tail)
    assert explain("anything else", tail) == "anything else"


def test_job_names() -> None:
    assert job_name("", "abc123", "TrainModel").startswith("pipelines-abc123-TrainModel-")
    assert job_name("prepare", "abc123", "PrepareData").startswith("prepare-abc123-")
    assert len(job_name("", "abc123", "S" * 100)) == 63


def test_s3_uris() -> None:
    assert split("s3://bucket/a/b") == ("bucket", "a/b")
    assert split("s3://bucket") == ("bucket", "")
    for wrong in ("bucket/a", "https://bucket/a", "s3:///a"):
        with pytest.raises(JobError, match="is not an S3 URI"):
            split(wrong)


def test_without_namespaces_the_prefix_moves(tmp_path: Path) -> None:
    command = enclose(("sh", "-c", "cat /opt/ml/a"), {"A": "x:/opt/ml/b"}, tmp_path, "folder")
    assert command.argv == ("sh", "-c", f"cat {tmp_path}/a")
    assert command.environment == {"A": f"x:{tmp_path}/b", "SAGEMAKER_BASE_DIR": str(tmp_path)}
    enclosed = enclose(("cat", "/opt/ml/a"), {"A": "b"}, tmp_path, "namespace")
    assert enclosed.argv[0] == "unshare"
    assert enclosed.argv[-2:] == ("cat", f"{PREFIX}/a")
    assert enclosed.environment == {"A": "b"}


def test_the_time_to_stop() -> None:
    assert stop_seconds({}) == 120
    assert stop_seconds({"LOCAL_AWS_STOP_SECONDS": "0.5"}) == 0.5
    for wrong in ("soon", "-1", "121", "nan"):
        with pytest.raises(LocalAwsError, match=f"is '{wrong}'; expected seconds, from 0 to 120"):
            stop_seconds({"LOCAL_AWS_STOP_SECONDS": wrong})


def test_the_wanted_isolation() -> None:
    assert wanted_isolation({}) is None
    assert wanted_isolation({"LOCAL_AWS_ISOLATION": "folder"}) == "folder"
    with pytest.raises(LocalAwsError, match="is 'docker'; expected one of: namespace, folder"):
        wanted_isolation({"LOCAL_AWS_ISOLATION": "docker"})


def test_children_see_a_clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "1")
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example")
    environment = base_environment()
    assert "SECRET" not in environment
    assert environment["PIP_INDEX_URL"] == "https://index.example"
    assert environment["PATH"].split(os.pathsep)[0].endswith("bin")
    assert environment["OMP_NUM_THREADS"] == "2"


def test_pip_in_a_job_does_not_compare_all_installed_packages() -> None:
    ask = (
        "from pip._internal.commands import create_command\n"
        "options, _ = create_command('install').parse_args([])\n"
        "print(options.warn_about_conflicts)"
    )
    said = subprocess.run([sys.executable, "-c", ask], env=base_environment(), capture_output=True, check=True)
    assert not int(said.stdout)


def test_model_archives_cannot_leave_their_folder(tmp_path: Path) -> None:
    import io
    import tarfile

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../outside"))
    with pytest.raises(JobError, match="cannot be unpacked"):
        unpack(buffer.getvalue(), tmp_path / "model")
    with pytest.raises(JobError, match="cannot be unpacked"):
        unpack(b"no archive", tmp_path / "model")
    assert not (tmp_path / "outside").exists()
