"""What the SageMaker jobs of this project have in common: command, inputs, outputs and caching."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sagemaker.core.processing import Processor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.mlops.workflow.steps import CacheConfig

from pipelines.definitions.images.choice import Images
from pipelines.definitions.networks import of_processing
from pipelines.settings.model import Settings
from pipelines.settings.naming import JobPackage, Names, tag_list, tags_of

CODE = "/opt/ml/processing/input/code"
# AWS's images lack some packages. `requirements.txt` has wide ranges, so that what is there already usually serves.
INSTALL_AND_RUN = (
    'python3 -m pip install --quiet --disable-pip-version-check --requirement "$0"/requirements.txt'
    ' && exec python3 -m "$@"'
)
# NumPy's equations are so small here that threads wait for one another longer than they compute, and the number of
# threads would decide on the last digits.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Build:
    """What every builder needs: settings, names, the digest of each package of code, images and the SDK's session."""

    settings: Settings
    names: Names
    digests: Mapping[JobPackage, str]
    images: Images
    session: PipelineSession

    @property
    def code_digest(self) -> str:
        """The digest of `steps` as models carry it. The prefix keeps the training toolkit from reading a number."""
        return f"sha256-{self.digests['steps']}"

    def code(self, package: JobPackage, *parts: str) -> str:
        """S3 URI of a package's code, or of something in it."""
        return self.names.s3("code", package, self.digests[package], *parts)


@dataclass(frozen=True)
class ProcessingJob:
    """A processing job: the module to run and its package, its arguments, its inputs by name, its outputs' names.

    `kept` are outputs with an S3 URI of their own, by name. `manifests` are inputs whose URI is that of a manifest,
    which lists the objects to download.
    """

    name: str
    package: JobPackage
    module: str
    arguments: Sequence[Any]
    inputs: Mapping[str, Any]
    outputs: Sequence[str]
    kept: Mapping[str, Any] = field(default_factory=dict)
    manifests: Mapping[str, Any] = field(default_factory=dict)


def processing(build: Build, job: ProcessingJob, instance_type: Any) -> Any:  # noqa: ANN401 - the SDK's step arguments
    """Arguments of a processing step that runs `python -m <package>.<module>` from the shipped code."""
    settings = build.settings.processing
    code = build.code(job.package, "files")
    processor = Processor(
        role=build.names.role_arn("job"),
        image_uri=build.images.uri("training", settings.instance_type),
        instance_count=1,
        instance_type=instance_type,
        entrypoint=entrypoint(build.images, f"{job.package}.{job.module}"),
        base_job_name=build.names.job(job.name),
        max_runtime_in_seconds=settings.max_runtime_minutes * 60,
        env={"PYTHONPATH": CODE, **ONE_THREAD},
        network_config=of_processing(build.settings.network),
        tags=tag_list(tags_of(build.settings)),
        sagemaker_session=build.session,
    )
    inputs = [_input(name, uri, "ManifestFile") for name, uri in job.manifests.items()]
    inputs += [_input(name, uri, "S3Prefix") for name, uri in {**job.inputs, "code": code}.items()]
    places = {**{name: execution_uri(build, name) for name in job.outputs}, **job.kept}
    outputs = [_output(name, uri) for name, uri in places.items()]
    return processor.run(inputs=inputs, outputs=outputs, arguments=job.arguments)


def entrypoint(images: Images, module: str) -> list[str]:
    """The command that runs a module of the shipped code, in an image that may lack packages."""
    return ["sh", "-c", INSTALL_AND_RUN, CODE, module] if images.installs else ["python3", "-m", module]


def inside(kind: Literal["input", "output"], name: str) -> str:
    """The folder of an input or an output inside a processing container."""
    return f"/opt/ml/processing/{kind}/{name}"


def execution_uri(build: Build, *parts: Any) -> Any:  # noqa: ANN401 - an SDK pipeline variable
    """S3 URI below the folder of the pipeline execution that will run."""
    return Join(on="/", values=[build.names.s3("executions"), ExecutionVariables.PIPELINE_EXECUTION_ID, *parts])


def cache(build: Build) -> CacheConfig:
    """Step caching for as many days as the configuration says; 0 switches it off."""
    days = build.settings.pipeline.cache_days
    return CacheConfig(enable_caching=True, expire_after=f"P{days}D") if days else CacheConfig(enable_caching=False)


def _input(name: str, uri: Any, kind: Literal["S3Prefix", "ManifestFile"]) -> ProcessingInput:  # noqa: ANN401 - a string or an SDK pipeline variable
    source = ProcessingS3Input(s3_uri=uri, local_path=inside("input", name), s3_data_type=kind, s3_input_mode="File")
    return ProcessingInput(input_name=name, s3_input=source)


def _output(name: str, uri: Any) -> ProcessingOutput:  # noqa: ANN401 - a string or an SDK pipeline variable
    target = ProcessingS3Output(s3_uri=uri, local_path=inside("output", name), s3_upload_mode="EndOfJob")
    return ProcessingOutput(output_name=name, s3_output=target)
