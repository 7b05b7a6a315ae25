import json
import sys
from pathlib import Path

import pytest

from local.protocol.errors import JobError
from local.runtime.context import Context
from local.runtime.logs import Logs
from local.runtime.s3 import EVERYTHING, Storage
from local.sagemaker.jobs.containers import Command, Isolation
from local.sagemaker.jobs.hosts import Host, Plan

CONFIGURATION = "/opt/ml/input/config/hyperparameters.json"

# Twenty times 16 pieces of a mebibyte, which are freed again; then how often the system had to give a page.
PIECES = """
import resource
for _ in range(20):
    pieces = [bytes([7]) * 2**20 for _ in range(16)]
    del pieces
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(tmp_path, "eu-west-1", 1)


@pytest.fixture
def host(context: Context) -> Host:
    return Host("localhost", context.work / "job" / "ml", Logs(context).stream("/aws/sagemaker/TrainingJobs", "job"))


@pytest.mark.parametrize("isolation", ["namespace", "folder"])
def test_a_job_reads_where_its_files_are(context: Context, host: Host, isolation: Isolation) -> None:
    given = {"checkpoints": "/opt/ml/checkpoints", "submit": "s3://bucket/opt/ml/code.tar.gz"}
    plan = Plan([], ["/opt/ml/input/config"], {CONFIGURATION: given}, Command(("true",), {}))
    host.fill(plan, Storage(context), EVERYTHING, isolation)
    folder = str(host.folder) if isolation == "folder" else "/opt/ml"
    assert json.loads(host.inside(CONFIGURATION).read_text()) == {**given, "checkpoints": f"{folder}/checkpoints"}
    assert given["checkpoints"] == "/opt/ml/checkpoints"  # as descriptions of the job go on to say


@pytest.mark.parametrize("path", ["/opt/mlflow", "/tmp/a", "/opt/ml/../a", "opt/ml/a"])
def test_a_path_outside_the_folder(host: Host, path: str) -> None:
    with pytest.raises(JobError, match=r"is not below /opt/ml"):
        host.inside(path)


def test_memory_that_a_job_has_freed_is_there_for_its_next_arrays(host: Host) -> None:
    host.folder.mkdir(parents=True)
    assert host.start(Command((sys.executable, "-I", "-c", PIECES), {}), {}, "folder").wait() == 0
    assert int(host.log.tail[-1]) < 20_000  # 16 MiB are 4,096 pages, twenty times that 81,920
