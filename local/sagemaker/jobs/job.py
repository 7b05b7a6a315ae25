"""The common part of processing and training jobs: starts, runs, stops and ends them."""

import logging
import os
import shutil
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from local.events.bus import EventService
from local.protocol.errors import JobError, LocalAwsError, ValidationError
from local.protocol.json_types import Record
from local.runtime.context import Context, now
from local.runtime.logs import Logs
from local.runtime.processes import describe_exit
from local.runtime.s3 import Storage
from local.sagemaker.jobs.containers import Command, isolation
from local.sagemaker.jobs.hosts import Host, Job, Plan, host_name, hosts_file
from local.sagemaker.resources import Collection, Kind, Operation

logger = logging.getLogger(__name__)

MOST_REASON = 1024  # characters of a FailureReason
DAY = 86_400
STOP_VARIABLE = "LOCAL_AWS_STOP_SECONDS"
STOP_SECONDS = 120.0  # between SIGTERM and SIGKILL, as on AWS
CLOSE_SECONDS = 2.0  # the same when the local AWS itself ends
PRINCIPAL = "sagemaker.amazonaws.com"
ENDED = ("Completed", "Failed", "Stopped")
INTERNAL_ERROR = "InternalServerError"  # begins the FailureReason of what a job is not to blame for
INTERRUPTED = f"{INTERNAL_ERROR}: the local AWS ended while the job ran"


class JobService(ABC):
    """Creates, lists and stops the jobs of one kind. Subclasses add what differs between kinds."""

    kind: Kind

    def __init__(self, context: Context, logs: Logs, events: EventService) -> None:
        self.context = context
        self.jobs = Collection(self.kind, context)
        self._logs = logs
        self._events = events
        self._stop_seconds = stop_seconds(os.environ)
        self._running: dict[str, Job] = {}

    @abstractmethod
    def accept(self, request: Record) -> Record:
        """Further members of a new job's record. Raises ValidationError for a job that cannot run here."""

    @abstractmethod
    def cluster(self, request: Record) -> Record:
        """The cluster that a job asks for."""

    @abstractmethod
    def plan(self, job: Job, host: Host) -> Plan:
        """The plan for a host of the job. Raises JobError."""

    @abstractmethod
    def conclude(self, job: Job, status: str) -> None:
        """Uploads the results of a job that has ended, and completes its record. Raises JobError."""

    def reason(self, host: Host, code: int) -> str:
        """The FailureReason of a process with a non-zero exit code: the last lines of its log."""
        return exit_reason("\n".join(host.log.tail[-8:]), code)

    def operations(self) -> dict[str, Operation]:
        """The operations of the SageMaker API that are answered here."""
        noun = self.kind.noun
        return {
            **self.jobs.operations(),
            f"Create{noun}": self.create,
            f"Stop{noun}": self.stop,
            f"Delete{noun}": self.delete,
        }

    def create(self, request: Record) -> Record:
        """Starts a job and returns its record. Raises ServiceError."""
        accepted = self.accept(request)
        name, role = request[self.kind.name_key], request["RoleArn"]
        arn = self.jobs.arn(name)
        self.context.credentials(role, PRINCIPAL, arn)
        record = self.jobs.add(request, **{self.kind.status_key: "InProgress"}, **accepted)
        folder = self.context.work / f"{self.kind.arn}-{name}"
        count = self.cluster(request).get("InstanceCount", 1)
        hosts = [self._host(name, number, count) for number in range(1, count + 1)]
        job = self._running[name] = Job(record, name, folder, Storage(self.context, role, arn), hosts)
        self._change(job, "InProgress", "Starting")
        threading.Thread(target=self._run, args=(job,), daemon=True).start()
        return record

    def stop(self, request: Record) -> Record:
        """Stops a running job: SIGTERM, later SIGKILL. Raises ValidationError if the job has ended."""
        record = self.jobs.find(request[self.kind.name_key])
        job = self._running.get(record[self.kind.name_key])
        if job is None:
            status = record[self.kind.status_key]
            raise ValidationError(f"The request was rejected because the job is in status {status}.")
        self._end(job, "Stopped")
        return record

    def delete(self, request: Record) -> Record:
        """Deletes the record of a job. Raises ValidationError if the job has not ended."""
        name = request[self.kind.name_key]
        if name in self._running:
            raise ValidationError(f"The request was rejected because the job {name} has not ended.")
        return self.jobs.remove(name)

    def wait(self, name: str) -> Record:
        """Waits for the end of a job and returns its record."""
        if job := self._running.get(name):
            job.ended.wait()
        return self.jobs.find(name)

    def close(self) -> None:
        """Ends all jobs. They get two seconds to do so."""
        self._stop_seconds = CLOSE_SECONDS
        running = list(self._running.values())
        for job in running:
            job.end("Stopped", CLOSE_SECONDS)
        for job in running:
            job.ended.wait(timeout=10)

    def remember(self) -> dict[str, Record]:
        """The records of all jobs."""
        return self.jobs.remember()

    def recall(self, kept: dict[str, Record]) -> None:
        """Takes back what `remember` gave. Jobs that ran then have failed."""
        self.jobs.recall(kept)
        for name, record in kept.items():
            if record[self.kind.status_key] not in ENDED:
                record["FailureReason"] = INTERRUPTED
                self.set_status(Job(record, name, self.context.work, Storage(self.context), []), "Failed", "Failed")

    def set_status(self, job: Job, status: str, detail: str) -> None:  # noqa: ARG002
        """Records a change of state. `detail` is the secondary status, which only training jobs have."""
        job.record |= {self.kind.status_key: status, "LastModifiedTime": now()}
        if status in ENDED:
            job.record.setdefault(f"{self._prefix}EndTime", now())

    @property
    def _prefix(self) -> str:
        """Processing or Training, the beginning of several member names."""
        return self.kind.noun.removesuffix("Job")

    def _host(self, job: str, number: int, count: int) -> Host:
        name = host_name(number, count, isolation(self.context.work))
        folder = self.context.work / f"{self.kind.arn}-{job}" / f"algo-{number}" / "ml"
        return Host(name, folder, self._logs.stream(f"/aws/sagemaker/{self.kind.noun}s", f"{job}/algo-{number}"))

    def _change(self, job: Job, status: str, detail: str) -> None:
        """Records a change of state and publishes an event."""
        self.set_status(job, status, detail)
        title = f"SageMaker {self.kind.title} State Change"
        self._events.publish(title, [job.record[self.kind.arn_key]], job.record)

    def _end(self, job: Job, ending: str) -> None:
        if not job.ending:
            self._change(job, "Stopping", "Stopping")
            job.end(ending, self._stop_seconds)

    def _run(self, job: Job) -> None:
        status, reason = self._attempt(job)
        for _ in range(job.record.get("RetryStrategy", {}).get("MaximumRetryAttempts", 0)):
            if job.ending or not reason.startswith(INTERNAL_ERROR):
                break
            shutil.rmtree(job.folder, ignore_errors=True)
            self._change(job, "InProgress", "Starting")
            status, reason = self._attempt(job)
        if reason:
            job.record["FailureReason"] = cut(reason)
        shutil.rmtree(job.folder, ignore_errors=True)
        self._change(job, status, job.ending if status == "Stopped" else status)
        self._running.pop(job.name, None)
        job.ended.set()

    def _attempt(self, job: Job) -> tuple[str, str]:
        try:
            return self._execute(job)
        except JobError as error:
            return "Failed", str(error)
        except Exception as error:  # a defect must not leave the job InProgress for ever
            logger.exception("job %s", job.name)
            return "Failed", f"{INTERNAL_ERROR}: {type(error).__name__}: {error}"

    def _execute(self, job: Job) -> tuple[str, str]:
        """Runs the job. Returns its final status and its FailureReason."""
        self.set_status(job, "InProgress", "Downloading")
        commands = [self.prepare(job, host) for host in job.hosts]
        if job.ending:
            return "Stopped", ""
        job.record[f"{self._prefix}StartTime"] = now()
        self.set_status(job, "InProgress", "Training")
        self._run_hosts(job, commands)
        if job.ending:
            status, reason = "Stopped", ""
        elif job.failed:
            status, reason = "Failed", self.reason(*job.failed)
        else:
            status, reason = "Completed", ""
        self.conclude(job, status)
        return status, reason

    def prepare(self, job: Job, host: Host) -> Command:
        """Fills the folder of a host and returns the command to run in it. Raises JobError."""
        plan = self.plan(job, host)
        shard = slice(job.hosts.index(host), None, len(job.hosts))
        host.fill(plan, job.storage, shard, isolation(self.context.work))
        if isolation(self.context.work) == "namespace":
            host.folder.with_name("hosts").write_text(hosts_file(job.names))
        return plan.command

    def _run_hosts(self, job: Job, commands: list[Command]) -> None:
        """Runs the commands of all hosts, and stops the job after MaxRuntimeInSeconds (by default a day)."""
        seconds = job.record.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DAY)
        limit = threading.Timer(seconds, self._end, (job, "MaxRuntimeExceeded"))
        limit.daemon = True
        limit.start()
        try:
            with ThreadPoolExecutor(len(job.hosts)) as pool:
                list(pool.map(partial(self._run_host, job), job.hosts, commands))
        finally:
            limit.cancel()

    def _run_host(self, job: Job, host: Host, command: Command) -> None:
        arn = job.record[self.kind.arn_key]
        variables = self.context.child_environment(job.record["RoleArn"], PRINCIPAL, arn)
        child = host.start(command, variables, isolation(self.context.work))
        if job.ending or job.failed:  # while the process started
            child.stop()
        code = child.wait()
        if code and not job.failed and not job.ending:
            job.fail(host, code)


def stop_seconds(environment: Mapping[str, str]) -> float:
    """The value of LOCAL_AWS_STOP_SECONDS, by default as long as AWS waits. Raises LocalAwsError."""
    text = environment.get(STOP_VARIABLE) or str(STOP_SECONDS)
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= STOP_SECONDS:
        raise LocalAwsError(f"{STOP_VARIABLE} is '{text}'; expected seconds, from 0 to {STOP_SECONDS:.0f}")
    return seconds


def exit_reason(text: str, code: int) -> str:
    """A FailureReason: the output `text` of a process, and how it ended."""
    said = f"{text.strip()}, " if text.strip() else ""
    return f"AlgorithmError: {said}{describe_exit(code)}"


def cut(reason: str, most: int = MOST_REASON) -> str:
    """Shortens a reason to `most` characters: keeps the beginning, and more of the end, which has the cause."""
    if len(reason) <= most:
        return reason
    head = most // 4
    return f"{reason[:head]} … {reason[head + 3 - most :]}"
