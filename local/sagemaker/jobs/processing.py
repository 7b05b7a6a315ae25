"""Processing jobs: download inputs, run a command on each host, and upload outputs if it succeeded."""

from local.protocol.errors import ValidationError
from local.protocol.json_types import Record
from local.sagemaker.jobs.containers import Command
from local.sagemaker.jobs.hosts import Host, Job, Plan
from local.sagemaker.jobs.service import JobService
from local.sagemaker.resources import Kind


class ProcessingService(JobService):
    """Answers CreateProcessingJob and the other operations of processing jobs."""

    kind = Kind(
        noun="ProcessingJob",
        missing="Could not find requested job with name: {name}",
        existing="Job name must be unique within an AWS account and region, "
        "and a processing job with this name already exists ({arn})",
        existing_code="ResourceInUse",
    )

    def accept(self, request: Record) -> Record:
        """Refuses inputs and outputs without a LocalPath, and jobs without an entrypoint."""
        for item in request.get("ProcessingInputs", []):
            if not item.get("S3Input", {}).get("LocalPath"):
                raise ValidationError(f"The processing input '{item['InputName']}' has no S3Input with a LocalPath")
        for item in request.get("ProcessingOutputConfig", {}).get("Outputs", []):
            if not item.get("S3Output", {}).get("LocalPath"):
                raise ValidationError(f"The processing output '{item['OutputName']}' has no S3Output with a LocalPath")
        if not request["AppSpecification"].get("ContainerEntrypoint"):
            raise ValidationError(
                "The local AWS needs AppSpecification.ContainerEntrypoint, because it does not pull images"
            )
        return {}

    def cluster(self, request: Record) -> Record:
        """The cluster that a job asks for."""
        cluster: Record = request["ProcessingResources"]["ClusterConfig"]
        return cluster

    def plan(self, job: Job, host: Host) -> Plan:
        """Puts inputs and outputs where the request says, and adds two configuration files."""
        record = job.record
        application = record["AppSpecification"]
        given = {"PROCESSING_JOB_ARN": record["ProcessingJobArn"], "PROCESSING_JOB_NAME": job.name}
        resources = {
            "current_host": host.name,
            "hosts": job.names,
            "current_instance_type": self.cluster(record)["InstanceType"],
        }
        return Plan(
            inputs=[(item["S3Input"], item["S3Input"]["LocalPath"]) for item in record.get("ProcessingInputs", [])],
            folders=["/opt/ml/config", "/opt/ml/output", *(output["LocalPath"] for output in _outputs(record))],
            files={
                "/opt/ml/config/processingjobconfig.json": {
                    key: value for key, value in record.items() if not hasattr(value, "isoformat")
                },
                "/opt/ml/config/resourceconfig.json": resources,
            },
            command=Command(
                (*application["ContainerEntrypoint"], *application.get("ContainerArguments", [])),
                given | record.get("Environment", {}),
            ),
        )

    def conclude(self, job: Job, status: str) -> None:
        """Reads the exit message, and uploads the outputs if the job succeeded."""
        messages = [host.folder / "output" / "message" for host in job.hosts]
        if written := [path for path in messages if path.is_file()]:
            job.record["ExitMessage"] = written[0].read_text("utf-8", "replace")[:1024]
        if status == "Completed":
            for host in job.hosts:
                for output in _outputs(job.record):
                    job.storage.upload_folder(host.inside(output["LocalPath"]), output["S3Uri"])


def _outputs(request: Record) -> list[Record]:
    return [item["S3Output"] for item in request.get("ProcessingOutputConfig", {}).get("Outputs", [])]
