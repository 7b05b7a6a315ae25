"""What the SageMaker SDK sends along to start a script or a function: its drivers, in a channel of the training job."""

from pathlib import Path

from local.protocol.errors import JobError, ValidationError
from local.protocol.json_types import Record
from local.sagemaker.jobs.containers import Isolation

# The channels of ModelTrainer, and of @remote and @step.
CHANNELS = ("sm_drivers", "sagemaker_remote_function_bootstrap")
SCRIPT = "/opt/ml/input/data/sm_drivers/sm_train.sh"
MPI = "The local AWS does not run MPI on several hosts; use torchrun"


def refuse_drivers(request: Record, isolation: Isolation) -> None:
    """Raises ValidationError for a job whose drivers cannot work here; they would fail late, or wait for ever."""
    channels = [channel["ChannelName"] for channel in request.get("InputDataConfig", [])]
    for channel in CHANNELS:
        if channel in channels and isolation == "folder":
            raise ValidationError(
                f"The local AWS does not run the drivers of the SageMaker SDK (channel {channel}) where the kernel "
                "refuses namespaces, because they read /opt/ml of the machine itself. Use script mode"
            )
    if "mpirun" in request["AlgorithmSpecification"].get("ContainerArguments", []):
        raise ValidationError(MPI)


def refuse_mpi(script: Path) -> None:
    """Raises JobError if ModelTrainer's script starts MPI, whose hosts look for each other's SSH server."""
    if script.is_file() and "mpi_driver.py" in script.read_text("utf-8", "replace"):
        raise JobError(f"ClientError: {MPI}")
