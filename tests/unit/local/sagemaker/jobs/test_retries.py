"""RetryStrategy: a job is run again after a fault that is not its own, and after no other."""

from pathlib import Path

import pytest

from local.events.bus import EventService
from local.protocol.errors import JobError
from local.runtime.context import Context, now
from local.runtime.logs import Logs
from local.sagemaker.jobs.hosts import Host, Job, Plan
from local.sagemaker.jobs.training import TrainingService

REQUEST = {
    "TrainingJobName": "job",
    "RoleArn": "arn:aws:iam::123456789012:role/any",
    "AlgorithmSpecification": {"ContainerEntrypoint": ["true"]},
    "OutputDataConfig": {"S3OutputPath": "s3://bucket"},
    "ResourceConfig": {"InstanceCount": 1},
}


class Failing(TrainingService):
    """A service whose jobs fail before they run."""

    def __init__(self, context: Context, error: Exception) -> None:
        super().__init__(context, Logs(context), EventService(context, now))
        self.attempts = 0
        self._error = error

    def plan(self, job: Job, host: Host) -> Plan:  # noqa: ARG002
        self.attempts += 1
        raise self._error


@pytest.mark.parametrize(
    ("error", "retries", "attempts", "reason"),
    [
        (OSError("no space"), 2, 3, "InternalServerError: OSError: no space"),
        (OSError("no space"), 0, 1, "InternalServerError: OSError: no space"),
        (JobError("ClientError: no such bucket"), 2, 1, "ClientError: no such bucket"),
    ],
)
def test_attempts(tmp_path: Path, error: Exception, retries: int, attempts: int, reason: str) -> None:
    service = Failing(Context(tmp_path, "eu-west-1", 1), error)
    strategy = {"RetryStrategy": {"MaximumRetryAttempts": retries}} if retries else {}
    service.create({**REQUEST, **strategy})
    record = service.wait("job")
    service.close()
    assert (service.attempts, record["FailureReason"]) == (attempts, reason)
    started = [each for each in record["SecondaryStatusTransitions"] if each["Status"] == "Starting"]
    assert len(started) == attempts
