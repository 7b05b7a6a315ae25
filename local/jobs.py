"""What processing and training jobs have in common: a process under the container contract, its state and its end."""

import logging
import shutil
import subprocess
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from local.containers import Command, enclose, isolation
from local.context import Context
from local.errors import JobError, ValidationError
from local.json_types import Record
from local.logs import Logs, LogStream
from local.processes import Child, base_environment, describe_exit
from local.resources import Collection, Kind
from local.storage import Storage

logger = logging.getLogger(__name__)

MOST_REASON = 1024  # characters of a FailureReason
DAY = 86_400


class Job:
    """A job that runs: its record, its private folder (/opt/ml), its process."""

    def __init__(self, name: str, record: Record, folder: Path, log: LogStream) -> None:
        self.name = name
        self.record = record
        self.folder = folder
        self.log = log
        self.child: Child | None = None
        self.ending = ""  # Stopped or MaxRuntimeExceeded, once it is to end early
        self.ended = threading.Event()

    def inside(self, path: str) -> Path:
        """Where a path of the container is on this machine; raises JobError for one outside /opt/ml."""
        if not (path + "/").startswith("/opt/ml/") or ".." in path.split("/"):
            raise JobError(f"ClientError: the local path '{path}' is not below /opt/ml")
        return self.folder / path.removeprefix("/opt/ml").strip("/")


class JobService(ABC):
    """Creates, lists and stops the jobs of one kind; the subclass knows what is special about them."""

    kind: Kind
    log_group: str

    def __init__(self, context: Context, logs: Logs) -> None:
        self.context = context
        self.storage = Storage(context)
        self.jobs = Collection(self.kind, context)
        self._logs = logs
        self._running: dict[str, Job] = {}

    @abstractmethod
    def accept(self, request: Record) -> Record:
        """Members of a new job's record; raises ValidationError for what cannot run here."""

    @abstractmethod
    def prepare(self, job: Job) -> Command:
        """Fill the job's folder; the command to run in it. Raises JobError."""

    @abstractmethod
    def conclude(self, job: Job, status: str) -> None:
        """Upload what a job that ended left behind, and complete its record. Raises JobError."""

    @abstractmethod
    def reason(self, job: Job, code: int) -> str:
        """Why a process that ended with a code other than 0 did so."""

    @abstractmethod
    def set_status(self, job: Job, status: str, detail: str) -> None:
        """Record a change of state; `detail` is the secondary status of training jobs."""

    def operations(self) -> dict[str, Callable[[Record], Record]]:
        """The operations of the SageMaker API that are answered here."""
        noun = self.kind.noun
        return {
            f"Create{noun}": self.create,
            f"Describe{noun}": lambda request: self.jobs.find(request[self.kind.name_key]),
            f"Stop{noun}": self.stop,
            f"List{noun}s": self.jobs.page,
        }

    def create(self, request: Record) -> Record:
        """Start a job."""
        record = self.jobs.add(request, **{self.kind.status_key: "InProgress"}, **self.accept(request))
        name = request[self.kind.name_key]
        folder = self.context.work / f"{self.kind.arn}-{name}"
        log = self._logs.stream(self.log_group, f"{name}/algo-1")
        job = self._running[name] = Job(name, record, folder / "ml", log)
        self.set_status(job, "InProgress", "Starting")
        threading.Thread(target=self._run, args=(job,), daemon=True).start()
        return {self.kind.arn_key: record[self.kind.arn_key]}

    def stop(self, request: Record) -> Record:
        """Kill a job that runs; raises ValidationError for one that has ended."""
        record = self.jobs.find(request[self.kind.name_key])
        job = self._running.get(record[self.kind.name_key])
        if job is None:
            status = record[self.kind.status_key]
            raise ValidationError(f"The request was rejected because the job is in status {status}.")
        self.set_status(job, "Stopping", "Stopping")
        self._end(job)
        return {}

    def wait(self, name: str) -> Record:
        """The record of a job, once it has ended."""
        if job := self._running.get(name):
            job.ended.wait()
        return self.jobs.find(name)

    def close(self) -> None:
        """Kill all jobs."""
        for job in list(self._running.values()):
            self._end(job)
        for job in list(self._running.values()):
            job.ended.wait(timeout=10)

    def _end(self, job: Job, ending: str = "Stopped") -> None:
        job.ending = ending
        if job.child:
            job.child.stop()

    def _run(self, job: Job) -> None:
        try:
            status, reason = self._execute(job)
        except JobError as error:
            status, reason = "Failed", str(error)
        except Exception as error:  # a defect of the local AWS must not leave a job InProgress for ever
            logger.exception("job %s", job.name)
            status, reason = "Failed", f"InternalServerError: {type(error).__name__}: {error}"
        if reason:
            job.record["FailureReason"] = cut(reason)
        shutil.rmtree(job.folder.parent, ignore_errors=True)
        self.set_status(job, status, job.ending if status == "Stopped" else status)
        self._running.pop(job.name, None)
        job.ended.set()

    def _execute(self, job: Job) -> tuple[str, str]:
        (job.folder / "tmp").mkdir(parents=True)
        command = self.prepare(job)
        if job.ending:
            return "Stopped", ""
        code = self._process(job, command)
        if job.ending:
            status, reason = "Stopped", ""
        elif code:
            status, reason = "Failed", self.reason(job, code)
        else:
            status, reason = "Completed", ""
        self.conclude(job, status)
        return status, reason

    def _process(self, job: Job, command: Command) -> int:
        environment = {
            **base_environment(),
            **self.context.child_environment,
            "HOME": "/opt/ml",
            "TMPDIR": "/opt/ml/tmp",
        }
        enclosed = enclose(command.argv, environment | command.environment, job.folder, isolation(self.context.work))
        job.child = Child(enclosed.argv, enclosed.environment, job.folder, job.log.write)
        seconds = job.record.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DAY)
        try:
            if job.ending:  # it was stopped while the process started
                job.child.stop()
            return job.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.set_status(job, "Stopping", "Stopping")
            self._end(job, "MaxRuntimeExceeded")
            return job.child.wait()


def one_instance(resources: Record) -> None:
    """Raise ValidationError where a job asks for more than one instance."""
    if resources.get("InstanceCount", 1) != 1:
        raise ValidationError("The local AWS runs jobs on one instance; set InstanceCount to 1")


def exit_reason(text: str, code: int) -> str:
    """The FailureReason of a process: what it said, and how it ended."""
    return (
        f"AlgorithmError: {text.strip()}, {describe_exit(code)}"
        if text.strip()
        else f"AlgorithmError: {describe_exit(code)}"
    )


def cut(reason: str, most: int = MOST_REASON) -> str:
    """A reason of at most so many characters: the beginning, and as much of the end, which tells the cause."""
    if len(reason) <= most:
        return reason
    head = most // 4
    return f"{reason[:head]} … {reason[head + 3 - most :]}"


def s3_input(source: Record, mode: str = "File", compression: str | None = "None") -> str:
    """The URI of an S3 input; raises ValidationError for kinds of input that are not brought in here."""
    if source.get("S3DataType", "S3Prefix") != "S3Prefix":
        raise ValidationError(f"The local AWS reads inputs of S3DataType S3Prefix, not {source['S3DataType']}")
    if mode not in ("File", "FastFile") or compression not in ("None", None):
        raise ValidationError("The local AWS reads inputs in mode File, uncompressed")
    uri: str = source["S3Uri"]
    return uri
