"""The parts that SageMaker jobs of this project have in common: image, command, inputs and outputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sagemaker.core import image_uris
from sagemaker.core.processing import Processor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.pipeline_context import PipelineSession

from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

PYTORCH, PYTHON = "2.6", "py312"  # the newest pair for which AWS has both a training and an inference image
CODE = "/opt/ml/processing/input/code"
INSTALL_AND_RUN = (
    'python3 -m pip install --quiet --disable-pip-version-check --requirement "$0"/requirements.txt'
    ' && exec python3 -m "$@"'
)


@dataclass(frozen=True)
class Build:
    """What every builder needs: the settings, the names, the code's digest and the SDK's session."""

    settings: Settings
    names: Names
    digest: str
    session: PipelineSession

    @property
    def code_digest(self) -> str:
        """The digest as models carry it; the training toolkit would read one of digits alone as a number."""
        return f"sha256-{self.digest}"


@dataclass(frozen=True)
class ProcessingJob:
    """A processing job: a module of a shipped package, its arguments, and where data comes from and goes."""

    name: str
    module: str
    arguments: Sequence[Any]
    inputs: Mapping[str, Any]
    outputs: Sequence[str]


def image(build: Build, scope: str) -> str:
    """URI of AWS's PyTorch image; scope: `training` or `inference`."""
    uri: str = image_uris.retrieve(
        "pytorch",
        build.settings.region,
        version=PYTORCH,
        py_version=PYTHON,
        instance_type=build.settings.endpoint.instance_type,
        image_scope=scope,
    )
    return uri


def processing(build: Build, job: ProcessingJob, instance_type: Any) -> Any:  # noqa: ANN401 - the SDK's step arguments
    """Arguments of a processing step that runs `python -m <module>` on the shipped code."""
    package = job.module.partition(".")[0]
    code = build.names.s3("code", package, build.digest, "files")
    processor = Processor(
        role=build.names.role_arn("pipeline"),
        image_uri=image(build, "training"),
        instance_count=1,
        instance_type=instance_type,
        entrypoint=["sh", "-c", INSTALL_AND_RUN, CODE, job.module],
        base_job_name=build.names.job(job.name),
        max_runtime_in_seconds=build.settings.processing.max_runtime_minutes * 60,
        env={"PYTHONPATH": CODE},
        sagemaker_session=build.session,
    )
    inputs = [_input(name, uri) for name, uri in {**job.inputs, "code": code}.items()]
    return processor.run(inputs=inputs, outputs=[_output(build, name) for name in job.outputs], arguments=job.arguments)


def inside(kind: str, name: str) -> str:
    """Folder of an input or output inside a processing container; kind: `input` or `output`."""
    return f"/opt/ml/processing/{kind}/{name}"


def execution_uri(build: Build, *parts: Any) -> Any:  # noqa: ANN401 - an SDK pipeline variable
    """S3 URI below the folder of the pipeline execution that will run."""
    return Join(on="/", values=[build.names.s3("executions"), ExecutionVariables.PIPELINE_EXECUTION_ID, *parts])


def _input(name: str, uri: Any) -> ProcessingInput:  # noqa: ANN401 - a string or an SDK pipeline variable
    source = ProcessingS3Input(
        s3_uri=uri, local_path=inside("input", name), s3_data_type="S3Prefix", s3_input_mode="File"
    )
    return ProcessingInput(input_name=name, s3_input=source)


def _output(build: Build, name: str) -> ProcessingOutput:
    target = ProcessingS3Output(
        s3_uri=execution_uri(build, name), local_path=inside("output", name), s3_upload_mode="EndOfJob"
    )
    return ProcessingOutput(output_name=name, s3_output=target)
