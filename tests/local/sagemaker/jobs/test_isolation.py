"""What keeps jobs apart from each other and from the machine, with namespaces of the kernel and without."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.sagemaker.jobs.containers import isolation
from local.server.embedded import LocalAws, running, start
from tests.local.sagemaker.support import OUT, s3_input, s3_output, start_processing, start_training
from tests.local.support import BUCKET, REGION, client, create_bucket, stored

pytestmark = pytest.mark.isolation
Process = Callable[..., dict[str, Any]]

SAVE = """
import os, pathlib, sys
folder, state = sys.argv[2::2]
pathlib.Path(folder, "state").write_text(state)
rows = pathlib.Path(os.environ["SM_CHANNEL_TRAIN"], "rows").read_text()
pathlib.Path(os.environ["SM_MODEL_DIR"], "weights").write_text(rows)
"""
# After much noise the job kills all that it can; but first it looks once more: only where its PID namespace is another
# one than that of the tests, and the first process of the namespace is the one that the local AWS starts.
KILL_ALL = r"""
for n in $(seq 20000); do echo line $n; done
head -c 5000000 /dev/zero | tr '\0' x
inside=$(readlink /proc/self/ns/pid) || exit 0
[ -n "$inside" ] && [ -n "$OUTSIDE" ] && [ "$inside" != "$OUTSIDE" ] || exit 0
tr '\0' ' ' < /proc/1/cmdline | grep -q "runtime/supervisor.py sh /opt/ml/processing/code/job.sh" || exit 0
kill -9 -1
exit 4
"""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalAws, Path]]:
    """A local AWS that uses no namespaces, with the tests' bucket, and its data folder."""
    data = tmp_path_factory.mktemp("folders")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOCAL_AWS_ISOLATION", "folder")
        with start(data, REGION) as local_aws:
            patch.undo()  # it is for this local AWS only
            create_bucket(local_aws)
            yield local_aws, data


def test_jobs_run_where_namespaces_are_refused(folders: tuple[LocalAws, Path], wait: Any) -> None:
    local_aws, data = folders
    where = f"echo $SAGEMAKER_BASE_DIR $HERE > {OUT}/where"
    more = {"ProcessingOutputConfig": s3_output(f"s3://{BUCKET}/out"), "Environment": {"HERE": "/opt/ml/here"}}
    describe = start_processing(client(local_aws, "sagemaker"), "moved", "sh", "-c", where, **more)
    wait(describe, "ProcessingJobStatus", "Completed")
    base, here = stored(client(local_aws, "s3"), f"s3://{BUCKET}/out/where").decode().split()
    assert base == str(data / "work" / "processing-job-moved" / "algo-1" / "ml")
    assert here == f"{base}/here"


def test_where_namespaces_are_refused_each_training_has_its_own_checkpoints(
    folders: tuple[LocalAws, Path], wait: Any
) -> None:
    s3, sagemaker = client(folders[0], "s3"), client(folders[0], "sagemaker")
    jobs = {}
    for name in ("one", "two"):
        given = {"folder": "/opt/ml/checkpoints", "state": name}
        config = {"S3Uri": f"s3://{BUCKET}/checkpoints/{name}"}
        jobs[name] = start_training(sagemaker, s3, name, SAVE, given, CheckpointConfig=config)
    for name, describe in jobs.items():
        done = wait(describe, "TrainingJobStatus", "Completed", "Failed")
        assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")
        assert done["HyperParameters"]["folder"] == "/opt/ml/checkpoints"
        assert stored(s3, f"s3://{BUCKET}/checkpoints/{name}/state") == name.encode()


@pytest.mark.parametrize("path", ["/etc", "/opt/ml/../../etc", "/opt/mlx"])
def test_a_local_path_cannot_leave_the_container(process: Process, path: str, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="escape/file", Body=b"1")
    done = process("true", ProcessingInputs=[s3_input(f"s3://{BUCKET}/escape", path)])
    assert (done["ProcessingJobStatus"], "is not below /opt/ml" in done["FailureReason"]) == ("Failed", True)


def test_an_s3_key_cannot_leave_its_folder(process: Process, s3: Any, data: Path) -> None:
    s3.put_object(Bucket=BUCKET, Key="up/../../../../escaped", Body=b"1")
    done = process("true", ProcessingInputs=[s3_input(f"s3://{BUCKET}/up/")])
    assert "would leave its folder" in done["FailureReason"]
    assert not list(data.rglob("escaped"))


def test_a_link_cannot_bring_a_file_of_the_machine_to_s3(process: Process, s3: Any) -> None:
    done = process(
        f"cd {OUT}; ln -s /etc/passwd stolen; ln -s /etc folder; echo 1 > mine",
        ProcessingOutputConfig=s3_output(f"s3://{BUCKET}/links"),
    )
    assert done["ProcessingJobStatus"] == "Completed"
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET, Prefix="links")["Contents"]]
    assert keys == ["links/mine"]


def test_a_job_cannot_take_the_server_down(sagemaker: Any, s3: Any, data: Path, aws: Any, wait: Any) -> None:
    if isolation(data) != "namespace":
        pytest.skip("jobs have no PID namespace of their own here, so `kill -9 -1` would end the processes of the user")
    s3.put_object(Bucket=BUCKET, Key="kill-all/job.sh", Body=KILL_ALL.encode())
    describe = start_processing(
        sagemaker,
        "kill-all",
        *("sh", "/opt/ml/processing/code/job.sh"),
        ProcessingInputs=[s3_input(f"s3://{BUCKET}/kill-all", "/opt/ml/processing/code")],
        Environment={"OUTSIDE": str(Path("/proc/self/ns/pid").readlink())},
    )
    done = wait(describe, "ProcessingJobStatus", "Completed", "Failed")
    assert done["ProcessingJobStatus"] == "Failed"
    assert done["FailureReason"].endswith("exit code 4")  # `kill -1` spares who calls it
    assert running(data) == aws
