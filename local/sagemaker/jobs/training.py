"""Training jobs: download channels, run the training toolkit's `train` program, and upload the model."""

import itertools
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

from containers import training as framework
from containers.training.pytorch_training import LAUNCHER, PORT
from local.events.bus import EventService
from local.protocol.errors import JobError, ValidationError
from local.protocol.json_types import Record
from local.runtime.context import Context, now
from local.runtime.logs import Logs
from local.runtime.processes import base_environment
from local.sagemaker.jobs.checkpoints import FOLDER, Checkpoints
from local.sagemaker.jobs.containers import Command, isolation
from local.sagemaker.jobs.drivers import SCRIPT, refuse_drivers, refuse_mpi
from local.sagemaker.jobs.hosts import Host, Job, Plan
from local.sagemaker.jobs.reasons import exit_reason
from local.sagemaker.jobs.service import JobService
from local.sagemaker.resources import Kind

PROGRAMS = Path(__file__).with_name("bin")  # go before those of the same names
FRAMEWORK = Path(framework.__file__).parent  # with the module that the training image has, too
LAUNCH = re.compile("sagemaker_.*_enabled")  # names of hyperparameters that ask for a launcher
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
    """Answers CreateTrainingJob and the other operations of training jobs."""

    kind = Kind(
        noun="TrainingJob",
        missing="Requested resource not found.",
        existing="Job name must be unique within an AWS account and region, "
        "and a training job with this name already exists ({arn})",
        existing_code="ResourceInUse",
    )

    def __init__(self, context: Context, logs: Logs, events: EventService) -> None:
        super().__init__(context, logs, events)
        self._checkpoints: dict[Path, Checkpoints] = {}

    def accept(self, request: Record) -> Record:
        """Refuses channels and launchers that do not work here. Returns the first entries of the record."""
        for channel in request.get("InputDataConfig", []):
            if "S3DataSource" not in channel["DataSource"]:
                raise ValidationError(f"The channel '{channel['ChannelName']}' has no S3DataSource")
        for name, value in request.get("HyperParameters", {}).items():
            if LAUNCH.fullmatch(name) and name != LAUNCHER and value != "false":
                raise ValidationError(f"The local AWS does not support {name}; distributed training uses torchrun")
        refuse_drivers(request, isolation(self.context.work))
        output = request["OutputDataConfig"]["S3OutputPath"].rstrip("/")
        return {
            "ModelArtifacts": {"S3ModelArtifacts": f"{output}/{request['TrainingJobName']}/output/model.tar.gz"},
            "SecondaryStatusTransitions": [],
        }

    def cluster(self, request: Record) -> Record:
        """The cluster that a job asks for."""
        cluster: Record = request["ResourceConfig"]
        return cluster

    def plan(self, job: Job, host: Host) -> Plan:
        """Makes a folder of /opt/ml/input/data for each channel, and three configuration files for the toolkit."""
        record = job.record
        algorithm = record["AlgorithmSpecification"]
        given = {
            "TRAINING_JOB_NAME": job.name,
            "TRAINING_JOB_ARN": record["TrainingJobArn"],
            "PATH": f"{PROGRAMS}:{base_environment()['PATH']}",
            PORT: str(job.port),
            "SAGEMAKER_TRAINING_MODULE": "pytorch_training:main",
            "PYTHONPATH": str(FRAMEWORK),
        }
        argv = (*algorithm.get("ContainerEntrypoint", []), *algorithm.get("ContainerArguments", []))
        return Plan(
            inputs=[
                (channel["DataSource"]["S3DataSource"], f"/opt/ml/input/data/{channel['ChannelName']}")
                for channel in record.get("InputDataConfig", [])
            ],
            folders=[f"/opt/ml/{name}" for name in ("input/config", "input/data", "model", "output/data", "code")],
            files={
                f"/opt/ml/input/config/{name}.json": document
                for name, document in _configuration(record, host.name, job.names).items()
            },
            command=Command(argv or _train_program(), given | record.get("Environment", {})),
        )

    def prepare(self, job: Job, host: Host) -> Command:
        """Also downloads checkpoints, and starts to upload new ones."""
        command = super().prepare(job, host)
        if len(job.hosts) > 1:
            refuse_mpi(host.inside(SCRIPT))
        if config := job.record.get("CheckpointConfig"):
            checkpoints = Checkpoints(job.storage, host.inside(config.get("LocalPath") or FOLDER), config["S3Uri"])
            checkpoints.start()
            self._checkpoints[host.folder] = checkpoints
        return command

    def conclude(self, job: Job, status: str) -> None:
        """Reads the metrics from the logs, and uploads checkpoints, model and other output of all hosts."""
        job.record["TrainingEndTime"] = now()
        job.record["FinalMetricDataList"] = _metrics(job)
        for host in job.hosts:
            if checkpoints := self._checkpoints.pop(host.folder, None):
                checkpoints.finish()
        if status == "Failed":
            return
        if status == "Completed":
            self.set_status(job, "InProgress", "Uploading")
        uri = job.record["ModelArtifacts"]["S3ModelArtifacts"]
        _upload_archive(job, "model", uri)
        _upload_archive(job, "output/data", uri.replace("model.tar.gz", "output.tar.gz"), skip_empty=True)

    def reason(self, host: Host, code: int) -> str:
        """The FailureReason: the content of /opt/ml/output/failure, or else the last lines of the log."""
        failure = host.folder / "output" / "failure"
        written = failure.read_text("utf-8", "replace") if failure.is_file() else ""
        explained = explain(written, host.log.tail)
        return exit_reason(explained, code) if explained else super().reason(host, code)

    def set_status(self, job: Job, status: str, detail: str) -> None:
        """Records a change of state, and adds it to SecondaryStatusTransitions."""
        super().set_status(job, status, detail)
        moment, record = job.record["LastModifiedTime"], job.record
        if "TrainingEndTime" in record:
            started = record.get("TrainingStartTime", record["TrainingEndTime"])
            seconds = max(1, round((record["TrainingEndTime"] - started).total_seconds()))
            record |= {"TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": seconds}
        if status == "Failed":
            record.pop("ModelArtifacts", None)
        history = record["SecondaryStatusTransitions"]
        if history:
            history[-1].setdefault("EndTime", moment)
        history.append({"Status": detail, "StartTime": moment, "StatusMessage": MESSAGES[detail]})
        record["SecondaryStatus"] = detail


def _upload_archive(job: Job, folder: str, uri: str, *, skip_empty: bool = False) -> None:
    """Packs a folder of all hosts into one archive and uploads it. The first host's files take precedence."""
    found = {path.name: path for host in reversed(job.hosts) for path in (host.folder / folder).iterdir()}
    if skip_empty and not found:
        return
    archive = job.folder / uri.rpartition("/")[2]
    with tarfile.open(archive, "w:gz") as tar:
        for name, path in sorted(found.items()):
            tar.add(path, name)
    job.storage.upload(archive, uri)


def explain(failure: str, tail: list[str]) -> str:
    """Completes the toolkit's failure file with the script's last lines of log and the signal that killed it.

    Without a framework, the toolkit leaves out the script's standard error.
    """
    head, command, arguments = failure.strip().partition("\nCommand ")
    words = itertools.takewhile(lambda line: "Reporting training FAILURE" not in line, tail)
    said = "\n".join(list(words)[-8:])[-600:]
    head = head.replace('ErrorMessage ""', f'ErrorMessage "{said}"')
    return re.sub(r"(?<=ExitCode )-(\d+)", r"-\1 (killed by signal \1)", head) + command + arguments[:200]


def _train_program() -> tuple[str, ...]:
    program = Path(sys.executable).with_name("train")
    if not program.is_file():
        raise JobError(f"ClientError: {program} is missing; install the package sagemaker-training")
    return (str(program),)


def _configuration(record: Record, host: str, hosts: list[str]) -> dict[str, Any]:
    resources = record["ResourceConfig"]
    group = {"instance_group_name": "homogeneousCluster", "instance_type": resources.get("InstanceType", "")}
    return {
        "hyperparameters": record.get("HyperParameters", {}),
        "resourceconfig": {
            "current_host": host,
            "hosts": hosts,
            "network_interface_name": "lo",
            "current_instance_type": resources.get("InstanceType", ""),
            "current_group_name": "homogeneousCluster",
            "instance_groups": [{**group, "hosts": hosts}],
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
    """The last value of each metric in the complete logs. If several hosts log a metric, the first host's counts."""
    log = "\n".join(host.log.path.read_text("utf-8", "replace") for host in reversed(job.hosts))
    return [
        {"MetricName": metric["Name"], "Value": float(values[-1]), "Timestamp": now()}
        for metric in job.record["AlgorithmSpecification"].get("MetricDefinitions", [])
        if (values := re.findall(metric["Regex"], log))
    ]
