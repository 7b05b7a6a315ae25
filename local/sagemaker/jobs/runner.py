"""Runs a job from start to end: fills the folders of its hosts, runs their processes, and keeps its results."""

import logging
import os
import shutil
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from local.events.bus import EventService
from local.protocol.errors import JobError, LocalAwsError
from local.runtime.context import Context, now
from local.runtime.logs import Logs
from local.sagemaker.jobs.containers import Command, isolation
from local.sagemaker.jobs.hosts import Host, Job, Plan, host_name, hosts_file
from local.sagemaker.jobs.reasons import INTERNAL_ERROR, cut, exit_reason
from local.sagemaker.resources import Kind

logger = logging.getLogger(__name__)

DAY = 86_400
STOP_VARIABLE = "LOCAL_AWS_STOP_SECONDS"
STOP_SECONDS = 120.0  # between SIGTERM and SIGKILL, as on AWS
PRINCIPAL = "sagemaker.amazonaws.com"
ENDED = ("Completed", "Failed", "Stopped")


class JobRunner(ABC):
    """Runs jobs of one kind. Subclasses say what a host gets and what becomes of its results."""

    kind: Kind

    def __init__(self, context: Context, logs: Logs, events: EventService) -> None:
        self.context = context
        self.stop_seconds = stop_seconds(os.environ)
        self._logs = logs
        self._events = events

    @abstractmethod
    def plan(self, job: Job, host: Host) -> Plan:
        """The plan for a host of the job. Raises JobError."""

    @abstractmethod
    def conclude(self, job: Job, status: str) -> None:
        """Uploads the results of a job that has ended, and completes its record. Raises JobError."""

    def reason(self, host: Host, code: int) -> str:
        """The FailureReason of a process with a non-zero exit code: the last lines of its log."""
        return exit_reason("\n".join(host.log.tail[-8:]), code)

    def prepare(self, job: Job, host: Host) -> Command:
        """Fills the folder of a host and returns the command to run in it. Raises JobError."""
        plan = self.plan(job, host)
        shard = slice(job.hosts.index(host), None, len(job.hosts))
        host.fill(plan, job.storage, shard, isolation(self.context.work))
        if isolation(self.context.work) == "namespace":
            host.folder.with_name("hosts").write_text(hosts_file(job.names))
        return plan.command

    def folder(self, name: str) -> Path:
        """The folder of a job, which has one for each host."""
        return self.context.work / f"{self.kind.arn}-{name}"

    def hosts(self, name: str, count: int) -> list[Host]:
        """The hosts of a new job, each with a folder and a log of its own."""
        return [
            Host(
                host_name(number, count, isolation(self.context.work)),
                self.folder(name) / f"algo-{number}" / "ml",
                self._logs.stream(f"/aws/sagemaker/{self.kind.noun}s", f"{name}/algo-{number}"),
            )
            for number in range(1, count + 1)
        ]

    def run(self, job: Job) -> None:
        """Runs a job to its end, again after faults that are not its own if it has a RetryStrategy."""
        status, reason = self._attempt(job)
        for _ in range(job.record.get("RetryStrategy", {}).get("MaximumRetryAttempts", 0)):
            if job.ending or not reason.startswith(INTERNAL_ERROR):
                break
            shutil.rmtree(job.folder, ignore_errors=True)
            self.change(job, "InProgress", "Starting")
            status, reason = self._attempt(job)
        if reason:
            job.record["FailureReason"] = cut(reason)
        shutil.rmtree(job.folder, ignore_errors=True)
        self.change(job, status, job.ending if status == "Stopped" else status)

    def end(self, job: Job, ending: str) -> None:
        """Ends a job early, if it is not being ended: SIGTERM, later SIGKILL."""
        if not job.ending:
            self.change(job, "Stopping", "Stopping")
            job.end(ending, self.stop_seconds)

    def change(self, job: Job, status: str, detail: str) -> None:
        """Records a change of state and publishes an event."""
        self.set_status(job, status, detail)
        title = f"SageMaker {self.kind.title} State Change"
        self._events.publish(title, [job.record[self.kind.arn_key]], job.record)

    def set_status(self, job: Job, status: str, detail: str) -> None:  # noqa: ARG002
        """Records a change of state. `detail` is the secondary status, which only training jobs have."""
        job.record |= {self.kind.status_key: status, "LastModifiedTime": now()}
        if status in ENDED:
            job.record.setdefault(f"{self._prefix}EndTime", now())

    @property
    def _prefix(self) -> str:
        """Processing or Training, the beginning of several member names."""
        return self.kind.noun.removesuffix("Job")

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

    def _run_hosts(self, job: Job, commands: list[Command]) -> None:
        """Runs the commands of all hosts, and stops the job after MaxRuntimeInSeconds (by default a day)."""
        seconds = job.record.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DAY)
        limit = threading.Timer(seconds, self.end, (job, "MaxRuntimeExceeded"))
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
