"""Training jobs: channels from S3, the `train` program of the training toolkit, the model to S3."""

import itertools
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

from local.containers import Command
from local.context import now
from local.errors import JobError, ValidationError
from local.jobs import Job, JobService, exit_reason, one_instance, s3_input
from local.json_types import Record
from local.resources import Kind

# sagemaker_training.errors; the script's standard error is missing where the toolkit runs without a framework.
TOOLKIT_FAILURE = re.compile(
    r"(?P<kind>\w+):\nExitCode (?P<code>-?\d+)\n"
    r'ErrorMessage "(?P<message>.*)"\n(ExtraInfo.*\n)?Command "(?P<command>.*)"',
    re.DOTALL,
)
MESSAGES = {
    "Starting": "Preparing the instance for training",
    "Downloading": "Downloading input data",
    "Training": "Training image download completed. Training in progress.",
    "Uploading": "Uploading generated training model",
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopping": "Stopping the training job",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds",
    "Stopped": "Training job stopped",
}


class TrainingService(JobService):
    """CreateTrainingJob and its relatives."""

    log_group = "/aws/sagemaker/TrainingJobs"
    kind = Kind(
        noun="TrainingJob",
        arn="training-job",
        summaries="TrainingJobSummaries",
        missing="Requested resource not found.",
        existing="Job name must be unique within an AWS account and region, "
        "and a training job with this name already exists ({arn})",
        existing_code="ResourceInUse",
        descending=True,
    )

    def accept(self, request: Record) -> Record:
        """Refuse what cannot run here; the first entries of the record."""
        one_instance(request.get("ResourceConfig", {}))
        for channel in request.get("InputDataConfig", []):
            source = channel["DataSource"].get("S3DataSource")
            if source is None:
                raise ValidationError(f"The channel '{channel['ChannelName']}' has no S3DataSource")
            mode = channel.get("InputMode") or request["AlgorithmSpecification"]["TrainingInputMode"]
            s3_input(source, mode, channel.get("CompressionType"))
        output = request["OutputDataConfig"]["S3OutputPath"].rstrip("/")
        return {
            "ModelArtifacts": {"S3ModelArtifacts": f"{output}/{request['TrainingJobName']}/output/model.tar.gz"},
            "SecondaryStatusTransitions": [],
        }

    def prepare(self, job: Job) -> Command:
        """Download the channels, write the configuration files."""
        self.set_status(job, "InProgress", "Downloading")
        for folder in ("input/config", "input/data", "model", "output/data", "code"):
            (job.folder / folder).mkdir(parents=True)
        for channel in job.record.get("InputDataConfig", []):
            source = channel["DataSource"]["S3DataSource"]
            self.storage.download(source["S3Uri"], job.folder / "input" / "data" / channel["ChannelName"])
        for name, content in _configuration(job.record).items():
            (job.folder / "input" / "config" / f"{name}.json").write_text(json.dumps(content))
        algorithm = job.record["AlgorithmSpecification"]
        argv = (*algorithm.get("ContainerEntrypoint", []), *algorithm.get("ContainerArguments", []))
        given = {"TRAINING_JOB_NAME": job.name, "TRAINING_JOB_ARN": job.record["TrainingJobArn"]}
        job.record["TrainingStartTime"] = now()
        self.set_status(job, "InProgress", "Training")
        return Command(argv or _train_program(), given | job.record.get("Environment", {}))

    def conclude(self, job: Job, status: str) -> None:
        """Upload the model and other output; read the metrics from the log."""
        job.record["TrainingEndTime"] = now()
        job.record["FinalMetricDataList"] = _metrics(job)
        if status == "Failed":
            return
        if status == "Completed":
            self.set_status(job, "InProgress", "Uploading")
        uri = job.record["ModelArtifacts"]["S3ModelArtifacts"]
        self._upload_archive(job.folder / "model", uri)
        self._upload_archive(
            job.folder / "output" / "data", uri.replace("model.tar.gz", "output.tar.gz"), skip_empty=True
        )

    def reason(self, job: Job, code: int) -> str:
        """What the program wrote into /opt/ml/output/failure, else the last lines of its log."""
        failure = job.folder / "output" / "failure"
        written = failure.read_text("utf-8", "replace") if failure.is_file() else ""
        return exit_reason(explain(written, job.log.tail) or "\n".join(job.log.tail[-8:]), code)

    def set_status(self, job: Job, status: str, detail: str) -> None:
        """Record a change of state and its place in the history."""
        moment, record = now(), job.record
        record["LastModifiedTime"] = moment
        if status in ("Completed", "Failed", "Stopped"):
            record.setdefault("TrainingEndTime", moment)
            started = record.get("TrainingStartTime", record["TrainingEndTime"])
            seconds = max(1, round((record["TrainingEndTime"] - started).total_seconds()))
            record |= {"TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": seconds}
        if status == "Failed":
            record.pop("ModelArtifacts", None)
        history = record["SecondaryStatusTransitions"]
        if history and "EndTime" not in history[-1]:
            history[-1]["EndTime"] = moment
        record["SecondaryStatus"] = detail
        history.append({"Status": detail, "StartTime": moment, "StatusMessage": MESSAGES[detail]})
        record["TrainingJobStatus"] = status

    def _upload_archive(self, folder: Path, uri: str, *, skip_empty: bool = False) -> None:
        entries = sorted(folder.iterdir())
        if skip_empty and not entries:
            return
        archive = folder.parent / f"{folder.name}.tar.gz"
        with tarfile.open(archive, "w:gz") as tar:
            for entry in entries:
                tar.add(entry, entry.name)
        self.storage.upload(archive, uri)


def explain(failure: str, tail: list[str]) -> str:
    """The toolkit's failure file, completed: the script's last words from the log, and the signal that killed it."""
    match = TOOLKIT_FAILURE.fullmatch(failure.strip())
    if not match:
        return failure
    words = itertools.takewhile(lambda line: "Reporting training FAILURE" not in line, tail)
    message = match["message"] or "\n".join(list(words)[-8:])
    killed = f" (killed by signal {match['code'][1:]})" if match["code"].startswith("-") else ""
    return (
        f"{match['kind']}:\nExitCode {match['code']}{killed}\n"
        f'ErrorMessage "{message[-600:]}"\nCommand "{match["command"][:200]}"'
    )


def _train_program() -> tuple[str, ...]:
    program = Path(sys.executable).with_name("train")
    if not program.is_file():
        raise JobError(f"ClientError: {program} is missing; install the package sagemaker-training")
    return (str(program),)


def _configuration(record: Record) -> dict[str, Any]:
    resources = record["ResourceConfig"]
    group = {"instance_group_name": "homogeneousCluster", "instance_type": resources.get("InstanceType", "")}
    return {
        "hyperparameters": record.get("HyperParameters", {}),
        "resourceconfig": {
            # The toolkit waits for ever for the name algo-1 to resolve.
            "current_host": "localhost",
            "hosts": ["localhost"],
            "network_interface_name": "lo",
            "current_instance_type": resources.get("InstanceType", ""),
            "current_group_name": "homogeneousCluster",
            "instance_groups": [{**group, "hosts": ["localhost"]}],
        },
        "inputdataconfig": {
            channel["ChannelName"]: {
                "TrainingInputMode": "File",
                "S3DistributionType": "FullyReplicated",
                "RecordWrapperType": "None",
                **({"ContentType": channel["ContentType"]} if channel.get("ContentType") else {}),
            }
            for channel in record.get("InputDataConfig", [])
        },
    }


def _metrics(job: Job) -> list[Record]:
    """The last value of each metric; the whole log is read, as lines have left the tail."""
    log = job.log.path.read_text("utf-8", "replace")
    return [
        {"MetricName": metric["Name"], "Value": float(values[-1]), "Timestamp": now()}
        for metric in job.record["AlgorithmSpecification"].get("MetricDefinitions", [])
        if (values := re.findall(metric["Regex"], log))
    ]
