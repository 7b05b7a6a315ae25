"""What processing and training jobs have in common: a process under the container contract, its state and its end."""

import logging
import shutil
import threading
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from pathlib import Path

from local.containers import Command, enclose, isolation
from local.context import Context
from local.errors import JobError, ValidationError
from local.events import EventService
from local.hosts import Host, Job
from local.json_types import Record
from local.logs import Logs
from local.processes import Child, base_environment, describe_exit
from local.resources import Collection, Kind, Operation
from local.storage import Storage

logger = logging.getLogger(__name__)

MOST_REASON = 1024  # characters of a FailureReason
DAY = 86_400
GRACE_SECONDS = 10  # between SIGTERM and SIGKILL; AWS gives 120
PRINCIPAL = "sagemaker.amazonaws.com"
TURN = threading.Lock()  # the toolkit gives all distributed jobs the same port, so they take turns


class JobService(ABC):
    """Creates, lists and stops the jobs of one kind; the subclass knows what is special about them."""

    kind: Kind
    log_group: str

    def __init__(self, context: Context, logs: Logs, events: EventService) -> None:
        self.context = context
        self.jobs = Collection(self.kind, context)
        self._logs = logs
        self._events = events
        self._running: dict[str, Job] = {}

    @abstractmethod
    def accept(self, request: Record) -> Record:
        """Members of a new job's record; raises ValidationError for what cannot run here."""

    @abstractmethod
    def prepare(self, job: Job, host: Host) -> Command:
        """Fill the folder of a host; the command to run in it. Raises JobError."""

    @abstractmethod
    def conclude(self, job: Job, status: str) -> None:
        """Upload what a job that ended left behind, and complete its record. Raises JobError."""

    @abstractmethod
    def reason(self, host: Host, code: int) -> str:
        """Why a process that ended with a code other than 0 did so."""

    @abstractmethod
    def set_status(self, job: Job, status: str, detail: str) -> None:
        """Record a change of state; `detail` is the secondary status of training jobs."""

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
        """Start a job."""
        accepted = self.accept(request)
        self.context.credentials(request.get("RoleArn", ""), PRINCIPAL)
        record = self.jobs.add(request, **{self.kind.status_key: "InProgress"}, **accepted)
        name = request[self.kind.name_key]
        folder = self.context.work / f"{self.kind.arn}-{name}"
        job = self._running[name] = Job(record, name, folder, self._hosts(name, folder, instances(request)))
        self._change(job, "InProgress", "Starting")
        threading.Thread(target=self._run, args=(job,), daemon=True).start()
        return record

    def storage(self, job: Job) -> Storage:
        """S3, as the job's role."""
        return Storage(self.context, job.record.get("RoleArn", ""))

    def stop(self, request: Record) -> Record:
        """End a job that runs: SIGTERM, then SIGKILL; raises ValidationError for one that has ended."""
        record = self.jobs.find(request[self.kind.name_key])
        job = self._running.get(record[self.kind.name_key])
        if job is None:
            status = record[self.kind.status_key]
            raise ValidationError(f"The request was rejected because the job is in status {status}.")
        self._change(job, "Stopping", "Stopping")
        self._end(job, "Stopped", GRACE_SECONDS)
        return {}

    def delete(self, request: Record) -> Record:
        """Forget a job that has ended; raises ValidationError for one that has not."""
        name = request[self.kind.name_key]
        if name in self._running:
            raise ValidationError(f"The request was rejected because the job {name} has not ended.")
        return self.jobs.remove(name)

    def wait(self, name: str) -> Record:
        """The record of a job, once it has ended."""
        if job := self._running.get(name):
            job.ended.wait()
        return self.jobs.find(name)

    def close(self) -> None:
        """Kill all jobs."""
        for job in list(self._running.values()):
            self._end(job, "Stopped", 0)
        for job in list(self._running.values()):
            job.ended.wait(timeout=10)

    def _hosts(self, name: str, folder: Path, count: int) -> list[Host]:
        # The toolkit waits for ever for the name algo-1 to resolve; each address of 127.0.0.0/8 is this machine.
        names = ["localhost"] if count == 1 else [f"127.0.0.{number}" for number in range(1, count + 1)]
        logs = [self._logs.stream(self.log_group, f"{name}/algo-{number}") for number in range(1, count + 1)]
        folders = [folder / f"algo-{number}" / "ml" for number in range(1, count + 1)]
        return [Host(*each) for each in zip(names, folders, logs, strict=True)]

    def _change(self, job: Job, status: str, detail: str) -> None:
        """Record a change of state, and publish it."""
        self.set_status(job, status, detail)
        title = f"SageMaker {self.kind.title} State Change"
        self._events.publish(title, [job.record[self.kind.arn_key]], job.record)

    def _end(self, job: Job, ending: str, grace: float) -> None:
        job.ending = ending
        for host in job.hosts:
            if host.child and grace:
                host.child.terminate(grace)
            elif host.child:
                host.child.stop()

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
        shutil.rmtree(job.folder, ignore_errors=True)
        self._change(job, status, job.ending if status == "Stopped" else status)
        self._running.pop(job.name, None)
        job.ended.set()

    def _execute(self, job: Job) -> tuple[str, str]:
        commands = []
        for host in job.hosts:
            (host.folder / "tmp").mkdir(parents=True)
            commands.append(self.prepare(job, host))
        if job.ending:
            return "Stopped", ""
        with TURN if len(job.hosts) > 1 else nullcontext():
            code = self._processes(job, commands)
        if job.ending:
            status, reason = "Stopped", ""
        elif code:
            status, reason = "Failed", self.reason(job.failed or job.first, code)
        else:
            status, reason = "Completed", ""
        self.conclude(job, status)
        return status, reason

    def _processes(self, job: Job, commands: list[Command]) -> int:
        """Run the hosts' commands to their ends; the first exit code that is not 0 ends the other hosts."""
        seconds = job.record.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", DAY)
        limit = threading.Timer(seconds, self._exceed, (job,))
        limit.daemon = True
        limit.start()
        with ThreadPoolExecutor(len(job.hosts)) as pool:
            codes = {
                pool.submit(self._process, job, host, command): host
                for host, command in zip(job.hosts, commands, strict=True)
            }
            for future in as_completed(codes):
                if future.result() and job.failed is None:
                    job.failed = codes[future]
                    for host in job.hosts:
                        if host.child and not job.ending:
                            host.child.stop()
        limit.cancel()
        return next((future.result() for future, host in codes.items() if host is job.failed), 0)

    def _process(self, job: Job, host: Host, command: Command) -> int:
        environment = {
            **base_environment(),
            **self.context.child_environment(job.record.get("RoleArn", ""), PRINCIPAL),
            "HOME": "/opt/ml",
            "TMPDIR": "/opt/ml/tmp",
        }
        enclosed = enclose(command.argv, environment | command.environment, host.folder, isolation(self.context.work))
        host.child = Child(enclosed.argv, enclosed.environment, host.folder, host.log.write)
        if job.ending or job.failed:  # while the process started
            host.child.stop()
        return host.child.wait()

    def _exceed(self, job: Job) -> None:
        self._change(job, "Stopping", "Stopping")
        self._end(job, "MaxRuntimeExceeded", GRACE_SECONDS)


def instances(request: Record) -> int:
    """How many instances a job asks for."""
    cluster = request.get("ResourceConfig") or request.get("ProcessingResources", {}).get("ClusterConfig", {})
    count: int = cluster.get("InstanceCount", 1)
    return count


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
