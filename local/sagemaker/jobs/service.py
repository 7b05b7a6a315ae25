"""Answers the operations of the SageMaker API that processing and training jobs have in common."""

import threading
from abc import abstractmethod

from local.events.bus import EventService
from local.protocol.errors import ValidationError
from local.protocol.json_types import Record
from local.runtime.context import Context
from local.runtime.logs import Logs
from local.runtime.s3 import Storage
from local.sagemaker.jobs.hosts import Job
from local.sagemaker.jobs.reasons import INTERRUPTED
from local.sagemaker.jobs.runner import ENDED, PRINCIPAL, JobRunner
from local.sagemaker.resources import Collection, Operation

CLOSE_SECONDS = 2.0  # between SIGTERM and SIGKILL when the local AWS itself ends


class JobService(JobRunner):
    """Creates, lists and stops the jobs of one kind. Subclasses add what differs between kinds."""

    def __init__(self, context: Context, logs: Logs, events: EventService) -> None:
        super().__init__(context, logs, events)
        self.jobs = Collection(self.kind, context)
        self._running: dict[str, Job] = {}

    @abstractmethod
    def accept(self, request: Record) -> Record:
        """Further members of a new job's record. Raises ValidationError for a job that cannot run here."""

    @abstractmethod
    def cluster(self, request: Record) -> Record:
        """The cluster that a job asks for."""

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
        hosts = self.hosts(name, self.cluster(request).get("InstanceCount", 1))
        job = self._running[name] = Job(record, name, self.folder(name), Storage(self.context, role, arn), hosts)
        self.change(job, "InProgress", "Starting")
        threading.Thread(target=self._run, args=(job,), daemon=True).start()
        return record

    def stop(self, request: Record) -> Record:
        """Stops a running job: SIGTERM, later SIGKILL. Raises ValidationError if the job has ended."""
        record = self.jobs.find(request[self.kind.name_key])
        job = self._running.get(record[self.kind.name_key])
        if job is None:
            status = record[self.kind.status_key]
            raise ValidationError(f"The request was rejected because the job is in status {status}.")
        self.end(job, "Stopped")
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
        self.stop_seconds = CLOSE_SECONDS
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

    def _run(self, job: Job) -> None:
        self.run(job)
        self._running.pop(job.name, None)
        job.ended.set()
