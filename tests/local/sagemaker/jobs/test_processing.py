"""Processing jobs as real processes: inputs, the container contract, outputs, hosts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.local.sagemaker.support import OUT, s3_input, s3_output, start_processing
from tests.local.support import BUCKET, CLUSTER, stored

pytestmark = pytest.mark.isolation
Process = Callable[..., dict[str, Any]]

# Jobs get their paths as arguments, where the local AWS can replace them if it cannot mount anything at /opt/ml.
CONTRACT = """
set -e
find "$1/in" -type f | sort > "$1/out/found"
cp "$2"/*.json "$1/out/"
env > "$1/out/env"
python3 -c 'import sys; print(sys.executable)' > "$1/out/python"
echo a line of the log
printf 'all is well' > "$3/message"
"""
SHARES = """
import json, os, pathlib, shutil, sys
base, config = map(pathlib.Path, sys.argv[1:])
host = json.loads(config.read_text())["current_host"]
for name in ("sharded", "whole", "listed", "dealt"):
    (base / "out" / f"{host}.{name}").write_text(" ".join(sorted(os.listdir(base / name))))
shutil.copy(config, base / "out" / f"{host}.json")
"""


def test_a_processing_job_follows_the_container_contract(
    process: Process, s3: Any, data: Path, aws: Any, name: str, opt_ml: Callable[[str], str]
) -> None:
    s3.put_object(Bucket=BUCKET, Key="photos/a.txt", Body=b"a")
    s3.put_object(Bucket=BUCKET, Key="photos/deep/b.txt", Body=b"b")
    s3.put_object(Bucket=BUCKET, Key="photos-other/c.txt", Body=b"c")
    s3.put_object(Bucket=BUCKET, Key="code/job.sh", Body=CONTRACT.encode())
    inputs = [
        s3_input(f"s3://{BUCKET}/{key}", f"/opt/ml/processing/{folder}", folder.replace("/", "-"))
        for folder, key in (("in/folder", "photos"), ("in/object", "photos/deep/b.txt"), ("code", "code/job.sh"))
    ]
    done = process(
        "sh /opt/ml/processing/code/job.sh /opt/ml/processing /opt/ml/config /opt/ml/output",
        ProcessingInputs=inputs,
        ProcessingOutputConfig=s3_output(f"s3://{BUCKET}/out"),
        Environment={"MODE": "test"},
    )
    assert (done["ProcessingJobStatus"], done.get("ExitMessage")) == ("Completed", "all is well"), done
    mounted = opt_ml(f"processing-job-{name}")
    assert stored(s3, f"s3://{BUCKET}/out/found").decode().split() == [
        f"{mounted}/processing/in/folder/a.txt",
        f"{mounted}/processing/in/folder/deep/b.txt",
        f"{mounted}/processing/in/object/b.txt",
    ]
    config = json.loads(stored(s3, f"s3://{BUCKET}/out/processingjobconfig.json"))
    assert config["ProcessingJobName"] == name
    assert config["ProcessingInputs"] == json.loads(json.dumps(inputs).replace("/opt/ml", mounted))
    environment = dict(line.split("=", 1) for line in stored(s3, f"s3://{BUCKET}/out/env").decode().splitlines())
    assert environment["MODE"] == "test"
    assert environment["AWS_ENDPOINT_URL"] == aws.endpoint_url
    assert "PYTEST_CURRENT_TEST" not in environment
    assert (data / "s3" / BUCKET / "out" / "found").is_file()
    assert not (data / "work" / f"processing-job-{name}").exists()
    log = data / "logs" / "sagemaker-ProcessingJobs" / f"{name}-algo-1.log"
    assert "a line of the log" in log.read_text()


def test_a_failed_processing_job_uploads_nothing(process: Process, s3: Any) -> None:
    done = process(
        f"echo 1 > {OUT}/x; echo it broke >&2; exit 7", ProcessingOutputConfig=s3_output(f"s3://{BUCKET}/never")
    )
    assert (done["ProcessingJobStatus"], done["FailureReason"]) == ("Failed", "AlgorithmError: it broke, exit code 7")
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix="never")


def test_outputs_that_cannot_be_uploaded_fail_the_job(process: Process) -> None:
    done = process(f"echo 1 > {OUT}/x", ProcessingOutputConfig=s3_output("s3://no-such-bucket/x"))
    assert done["ProcessingJobStatus"] == "Failed"
    assert done["FailureReason"].startswith("ClientError: Data upload failed: s3://no-such-bucket/x/x")


@pytest.mark.parametrize("key", ["clash/photos/one.png", f"clash/{'x' * 256}"])
def test_an_object_that_cannot_be_a_file_is_the_callers_fault(process: Process, s3: Any, key: str) -> None:
    for name in ("clash/photos", key):
        s3.put_object(Bucket=BUCKET, Key=name, Body=b"x")
    done = process("true", ProcessingInputs=[s3_input(f"s3://{BUCKET}/clash")])
    s3.delete_object(Bucket=BUCKET, Key=key)
    assert done["ProcessingJobStatus"] == "Failed"
    assert done["FailureReason"].startswith(f"ClientError: Data download failed: s3://{BUCKET}/{key} cannot be a file")


def test_a_missing_input_fails_the_job(process: Process) -> None:
    done = process("true", ProcessingInputs=[s3_input(f"s3://{BUCKET}/nothing/here")])
    assert done["ProcessingJobStatus"] == "Failed"
    assert f'No S3 objects found under S3 URL "s3://{BUCKET}/nothing/here"' in done["FailureReason"]


def test_hosts_process_their_shares(sagemaker: Any, s3: Any, wait: Any, hosts: list[str]) -> None:
    for each in ("a", "b", "c"):
        s3.put_object(Bucket=BUCKET, Key=f"shared/{each}", Body=b"1")
    s3.put_object(Bucket=BUCKET, Key="shares-code/job.py", Body=SHARES.encode())
    listed = [{"prefix": f"s3://{BUCKET}/shared/"}, "c", "b"]
    s3.put_object(Bucket=BUCKET, Key="lists/two.manifest", Body=json.dumps(listed).encode())
    inputs = [
        s3_input(f"s3://{BUCKET}/{key}", f"/opt/ml/processing/{folder}", folder, S3DataDistributionType=distribution)
        for folder, key, distribution in (
            ("sharded", "shared", "ShardedByS3Key"),
            ("whole", "shared", "FullyReplicated"),
            ("code", "shares-code", "FullyReplicated"),
        )
    ]
    for folder, distribution in (("listed", "FullyReplicated"), ("dealt", "ShardedByS3Key")):
        more = {"S3DataType": "ManifestFile", "S3DataDistributionType": distribution}
        inputs.append(s3_input(f"s3://{BUCKET}/lists/two.manifest", f"/opt/ml/processing/{folder}", folder, **more))
    describe = start_processing(
        sagemaker,
        "shares",
        *("python3", "/opt/ml/processing/code/job.py", "/opt/ml/processing", "/opt/ml/config/resourceconfig.json"),
        ProcessingResources={"ClusterConfig": {**CLUSTER["ClusterConfig"], "InstanceCount": 2}},
        ProcessingInputs=inputs,
        ProcessingOutputConfig=s3_output(f"s3://{BUCKET}/shares"),
    )
    done = wait(describe, "ProcessingJobStatus", "Completed", "Failed")
    assert done["ProcessingJobStatus"] == "Completed", done["FailureReason"]
    found = lambda file: stored(s3, f"s3://{BUCKET}/shares/{file}").decode()  # noqa: E731
    assert [found(f"{host}.sharded").split() for host in hosts] == [["a", "c"], ["b"]]
    assert [found(f"{host}.whole").split() for host in hosts] == [["a", "b", "c"]] * 2
    assert [found(f"{host}.listed").split() for host in hosts] == [["b", "c"]] * 2
    assert [found(f"{host}.dealt").split() for host in hosts] == [["c"], ["b"]]
    assert json.loads(found(f"{hosts[1]}.json"))["hosts"] == hosts


def test_an_object_of_a_manifest_that_is_missing_fails_the_job(process: Process, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="lists/bad.manifest", Body=b'[{"prefix": "s3://%s/"}, "gone"]' % BUCKET.encode())
    done = process("true", ProcessingInputs=[s3_input(f"s3://{BUCKET}/lists/bad.manifest", S3DataType="ManifestFile")])
    assert done["ProcessingJobStatus"] == "Failed"
    assert done["FailureReason"].startswith(f"ClientError: Data download failed: s3://{BUCKET}/gone: ")
