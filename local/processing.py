"""Processing jobs: inputs from S3, one process, outputs to S3 when it succeeded."""

import json

from local.containers import Command
from local.context import now
from local.errors import ValidationError
from local.hosts import Host, Job
from local.jobs import JobService, exit_reason, instances
from local.json_types import Record
from local.resources import Kind


class ProcessingService(JobService):
    """CreateProcessingJob and its relatives."""

    log_group = "/aws/sagemaker/ProcessingJobs"
    kind = Kind(
        noun="ProcessingJob",
        arn="processing-job",
        summaries="ProcessingJobSummaries",
        missing="Could not find requested job with name: {name}",
        existing="Job name must be unique within an AWS account and region, "
        "and a processing job with this name already exists ({arn})",
        existing_code="ResourceInUse",
        descending=True,
    )

    def accept(self, request: Record) -> Record:
        """Refuse inputs and outputs that cannot be brought in or sent out here."""
        if instances(request) != 1:
            raise ValidationError("The local AWS runs processing jobs on one instance; set InstanceCount to 1")
        for item in request.get("ProcessingInputs", []):
            if not item.get("S3Input", {}).get("LocalPath"):
                raise ValidationError(f"The processing input '{item['InputName']}' has no S3Input with a LocalPath")
        for item in _outputs(request):
            if not item.get("S3Output", {}).get("LocalPath"):
                raise ValidationError(f"The processing output '{item['OutputName']}' has no S3Output with a LocalPath")
        if not request["AppSpecification"].get("ContainerEntrypoint"):
            raise ValidationError(
                "The local AWS needs AppSpecification.ContainerEntrypoint: it has no images to look it up"
            )
        return {}

    def prepare(self, job: Job, host: Host) -> Command:
        """Download inputs, make output folders, write the two configuration files."""
        for item in job.record.get("ProcessingInputs", []):
            self.storage(job).download(item["S3Input"]["S3Uri"], host.inside(item["S3Input"]["LocalPath"]))
        for item in _outputs(job.record):
            host.inside(item["S3Output"]["LocalPath"]).mkdir(parents=True, exist_ok=True)
        cluster = job.record["ProcessingResources"]["ClusterConfig"]
        config = {
            "processingjobconfig": {key: value for key, value in job.record.items() if not hasattr(value, "isoformat")},
            "resourceconfig": {
                "current_host": host.name,
                "hosts": job.names,
                "current_instance_type": cluster["InstanceType"],
            },
        }
        for folder in ("config", "output"):
            (host.folder / folder).mkdir(exist_ok=True)
        for name, content in config.items():
            (host.folder / "config" / f"{name}.json").write_text(json.dumps(content))
        job.record["ProcessingStartTime"] = now()
        application = job.record["AppSpecification"]
        argv = (*application["ContainerEntrypoint"], *application.get("ContainerArguments", []))
        given = {"PROCESSING_JOB_ARN": job.record["ProcessingJobArn"], "PROCESSING_JOB_NAME": job.name}
        return Command(argv, given | job.record.get("Environment", {}))

    def conclude(self, job: Job, status: str) -> None:
        """Upload the outputs of a job that succeeded, and read its exit message."""
        message = job.first.folder / "output" / "message"
        if message.is_file():
            job.record["ExitMessage"] = message.read_text("utf-8", "replace")[:1024]
        if status == "Completed":
            for item in _outputs(job.record):
                output = item["S3Output"]
                self.storage(job).upload_folder(job.first.inside(output["LocalPath"]), output["S3Uri"])

    def reason(self, host: Host, code: int) -> str:
        """The last lines of the log."""
        return exit_reason("\n".join(host.log.tail[-8:]), code)

    def set_status(self, job: Job, status: str, detail: str) -> None:  # noqa: ARG002
        """Record a change of state."""
        job.record["LastModifiedTime"] = now()
        if status in ("Completed", "Failed", "Stopped"):
            job.record["ProcessingEndTime"] = now()
        job.record["ProcessingJobStatus"] = status


def _outputs(request: Record) -> list[Record]:
    outputs: list[Record] = request.get("ProcessingOutputConfig", {}).get("Outputs", [])
    return outputs
