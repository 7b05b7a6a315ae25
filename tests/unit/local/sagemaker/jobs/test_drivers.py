"""The drivers of the SageMaker SDK: what cannot work here is refused before anything waits for it."""

from pathlib import Path

import pytest

from local.protocol.errors import JobError, ValidationError
from local.sagemaker.jobs.drivers import CHANNELS, refuse_drivers, refuse_mpi

PLAIN = {"InputDataConfig": [{"ChannelName": "train"}], "AlgorithmSpecification": {}}


@pytest.mark.parametrize("channel", CHANNELS)
def test_drivers_need_namespaces(channel: str) -> None:
    request = {**PLAIN, "InputDataConfig": [{"ChannelName": channel}]}
    refuse_drivers(request, "namespace")
    refuse_drivers(PLAIN, "folder")
    with pytest.raises(ValidationError, match=rf"the drivers of the SageMaker SDK \(channel {channel}\)"):
        refuse_drivers(request, "folder")


def test_mpi_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="does not run MPI on several hosts"):
        refuse_drivers({"AlgorithmSpecification": {"ContainerArguments": ["--distribution", "mpirun"]}}, "namespace")
    script = tmp_path / "sm_train.sh"
    refuse_mpi(script)
    script.write_text("python torchrun_driver.py")
    refuse_mpi(script)
    script.write_text("python mpi_driver.py")
    with pytest.raises(JobError, match="ClientError: The local AWS does not run MPI"):
        refuse_mpi(script)
