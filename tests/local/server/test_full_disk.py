"""Where there is no room to write, what was asked fails with an error that says so, and everything else goes on."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws
from tests.local.sagemaker.support import start_processing
from tests.local.support import BUCKET, REGION, announced, client, create_bucket

MEBIBYTE = 2**20
# A disk of 4 MB for all that the local AWS writes, where users may mount one; anywhere, files of at most 4 MB.
LIMITS = {
    "disk": "mount -t tmpfs -o size=4m none {data}",
    "file size": "ulimit -f 4096",
}


def may_mount() -> bool:
    """Whether a user of this machine gets a namespace in which to mount a disk."""
    probe = ["unshare", "--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return bool(shutil.which("unshare")) and subprocess.run(probe, capture_output=True, check=False).returncode == 0


@pytest.fixture(params=["disk", "file size"])
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalAws]:
    """A local AWS with room for 4 MB."""
    kind = request.param if may_mount() else "file size"
    data = tmp_path / "data"
    data.mkdir()
    serve = shlex.join([sys.executable, "-m", "local", "--data", str(data), "--region", REGION])
    argv = ["bash", "-ec", f"{LIMITS[kind].format(data=data)}; TMPDIR={data} exec {serve}"]
    if kind == "disk":
        argv = ["unshare", "--user", "--map-root-user", "--mount", *argv]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as server:
        yield announced(server)
        server.terminate()
        assert server.wait(timeout=30) == 0


def test_a_full_disk_is_told_and_survived(small: LocalAws, wait: Any) -> None:
    s3, sagemaker = create_bucket(small), client(small, "sagemaker")
    s3.meta.config.retries = {"total_max_attempts": 1}
    for _ in range(2):
        with pytest.raises(ClientError, match=r"cannot write: (the disk is full|a file would be too large)") as caught:
            s3.put_object(Bucket=BUCKET, Key="large", Body=bytes(40 * MEBIBYTE))
        assert caught.value.response["Error"]["Code"] == "InternalError"
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)
    start_processing(sagemaker, "writes", "sh", "-c", f"head -c {8 * MEBIBYTE} /dev/zero > $TMPDIR/x")
    job = wait(
        lambda: sagemaker.describe_processing_job(ProcessingJobName="writes"),
        "ProcessingJobStatus",
        "Failed",
        "Completed",
    )
    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"]
    s3.put_object(Bucket=BUCKET, Key="small", Body=b"1")
    assert s3.get_object(Bucket=BUCKET, Key="small")["Body"].read() == b"1"
