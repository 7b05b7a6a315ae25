"""Training jobs of the pipeline that were interrupted, or are shared by instances: the same model in the end."""

import tarfile
import uuid
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import torch
from end_to_end.support import MARKS, Scones

pytestmark = MARKS

BUCKET = "scones-unlimited-local-123456789012-eu-west-1"
GROUP = "/aws/sagemaker/TrainingJobs"
# A hundred epochs take seconds: also a quick machine is still learning when it is told to stop.
CONFIGURATION = """\
training: {{epochs: 100, instance_count: {instances}}}
registry: {{approval: PendingManualApproval}}
endpoint: {{instance_count: 2, deployment: {{traffic: canary}}}}
lambdas: {{dependencies: runtime}}
"""


@dataclass(frozen=True)
class Trainer:
    """Starts the training pipeline with `scones` and follows its training jobs with plain clients."""

    scones: Scones
    archive: Path
    sagemaker: Any
    s3: Any
    logs: Any

    def start(self) -> tuple[str, str]:
        """Starts an execution; returns its ARN and the name of its training job."""
        started = self.scones.here("pipeline", "start", "--data", str(self.archive))
        assert started.returncode == 0, started.stdout + started.stderr
        execution, jobs = started.stdout.split()[-1], list[str]()
        self.scones.wait_for(lambda: jobs.extend(self.jobs(execution)) or jobs)
        return execution, jobs[0]

    def stop(self, execution: str) -> None:
        """Stops an execution, and waits until it has stopped."""
        self.sagemaker.stop_pipeline_execution(PipelineExecutionArn=execution, ClientRequestToken=str(uuid.uuid4()))
        described = partial(self.sagemaker.describe_pipeline_execution, PipelineExecutionArn=execution)
        self.scones.wait_for(lambda: described()["PipelineExecutionStatus"] == "Stopped")

    def finish(self) -> str:
        """Runs the pipeline until its training job has ended; returns the name of the job."""
        execution, job = self.start()
        self.scones.wait_for(lambda: self.describe(job)["TrainingJobStatus"] != "InProgress")
        self.stop(execution)
        return job

    def jobs(self, execution: str) -> list[str]:
        """Names of an execution's training jobs, once they have begun."""
        steps = self.sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=execution)["PipelineExecutionSteps"]
        metadata = [step.get("Metadata", {}) for step in steps]
        return [each["TrainingJob"]["Arn"].rpartition("/")[2] for each in metadata if "TrainingJob" in each]

    def describe(self, job: str) -> dict[str, Any]:
        return dict(self.sagemaker.describe_training_job(TrainingJobName=job))

    def hosts(self, job: str) -> list[str]:
        """The log streams of a job, one for each host that has begun."""
        found = self.logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=f"{job}/")["logStreams"]
        return [each["logStreamName"] for each in found]

    def has_written(self, job: str, words: str) -> bool:
        """Whether this is in the file of a job's log. To ask CloudWatch takes as long as some epochs."""
        files = (self.scones.build / "local" / "logs").rglob(f"{job}*.log")
        return any(words in file.read_text() for file in files)

    def log(self, job: str) -> str:
        """All that the hosts of the job have said."""
        pages = self.logs.get_paginator("filter_log_events").paginate(
            logGroupName=GROUP, logStreamNames=self.hosts(job)
        )
        return "\n".join(event["message"] for page in pages for event in page["events"])

    def weights(self, job: str) -> list[dict[str, torch.Tensor]]:
        """The weights of the networks that a job has made."""
        described = self.describe(job)
        assert described["TrainingJobStatus"] == "Completed", described
        bucket, _, key = described["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://").partition("/")
        body = self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        with tarfile.open(fileobj=BytesIO(body)) as archive:
            file = archive.extractfile("weights.pt")
            assert file
            made: list[dict[str, torch.Tensor]] = torch.load(BytesIO(file.read()), weights_only=True)
        return made


@pytest.fixture(scope="module")
def trainer(delivering: Scones, approved: list[str], archive: Path) -> Trainer:
    """Somebody who changes the training pipeline that was delivered: another network, on one instance."""
    delivering.configure("local", CONFIGURATION.format(instances=1))
    ran = delivering.here("pipeline", "upsert")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return Trainer(delivering, archive, *(delivering.client(service) for service in ("sagemaker", "s3", "logs")))


@pytest.fixture(scope="module")
def interrupted(trainer: Trainer) -> tuple[str, str]:
    """A training job that was stopped after its first epochs, and the one of the next execution."""
    execution, stopped = trainer.start()
    trainer.scones.wait_for(lambda: trainer.has_written(stopped, "network-1 epoch=1 "))
    trainer.stop(execution)
    return stopped, trainer.finish()


def test_another_execution_goes_on_where_one_was_stopped(trainer: Trainer, interrupted: tuple[str, str]) -> None:
    stopped, following = interrupted
    assert trainer.describe(stopped)["TrainingJobStatus"] == "Stopped"
    assert "Interrupted after epoch" in trainer.log(stopped)
    log = trainer.log(following)
    assert "network-1 goes on after epoch" in log
    assert "network-1 epoch=1 " not in log
    assert len(trainer.weights(following)) == 2


def test_two_instances_learn_what_one_learns(trainer: Trainer, interrupted: tuple[str, str]) -> None:
    _, alone = interrupted
    for checkpoint in trainer.s3.list_objects_v2(Bucket=BUCKET, Prefix="checkpoints/")["Contents"]:
        trainer.s3.delete_object(Bucket=BUCKET, Key=checkpoint["Key"])
    trainer.scones.configure("local", CONFIGURATION.format(instances=2))
    assert trainer.scones.here("pipeline", "upsert").returncode == 0
    together = trainer.finish()
    assert "goes on after epoch" not in trainer.log(together)  # everything was learnt anew
    assert (len(trainer.hosts(alone)), len(trainer.hosts(together))) == (1, 2)
    one, two = trainer.weights(alone), trainer.weights(together)
    assert len(one) == len(two) == 2
    for mine, other in zip(one, two, strict=True):
        assert mine.keys() == other.keys()
        assert all(torch.equal(mine[name], other[name]) for name in mine)
