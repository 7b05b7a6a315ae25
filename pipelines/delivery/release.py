"""Releases the SageMaker pipelines: builds definitions, uploads the code, upserts and starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pipelines.aws import Aws
from pipelines.definitions import monitoring, rebase, training
from pipelines.definitions.jobs import Build
from pipelines.delivery.image_record import find_images
from pipelines.delivery.placeholders import upload_placeholders
from pipelines.errors import AwsError
from pipelines.packages.code import CodePackage, package_code
from pipelines.packages.uploads import upload_code
from pipelines.settings.model import Settings
from pipelines.settings.naming import JobPackage, Names, tag_list, tags_of

if TYPE_CHECKING:
    from sagemaker.core.workflow.pipeline_context import PipelineSession

Kind = Literal["training", "monitoring", "rebase"]
KINDS: tuple[Kind, ...] = ("training", "monitoring", "rebase")
# The packages with the code of each pipeline's jobs, and the function that builds the pipeline.
BUILDERS: dict[Kind, tuple[tuple[JobPackage, ...], Callable[[Build], Any]]] = {
    "training": (("steps", "monitoring"), training.build_pipeline),
    "monitoring": (("monitoring",), monitoring.build_pipeline),
    "rebase": (("steps", "monitoring"), rebase.build_pipeline),
}


@dataclass(frozen=True)
class Release:
    """A pipeline that is ready to ship: the SDK's object, its definition, the code that it refers to, and its tags."""

    pipeline: Any
    definition: str
    code: tuple[CodePackage, ...]
    tags: Mapping[str, str]


def prepare(aws: Aws, session: "PipelineSession", settings: Settings, names: Names, kind: Kind) -> Release:
    """Builds a pipeline. Nothing is uploaded yet.

    Raises:
        ConfigurationError: a container image that it names has not been built yet.
    """
    packages, build = BUILDERS[kind]
    images = find_images(aws, settings, names)
    code = {package: package_code(package, installs=images.installs) for package in packages}
    digests = {package: each.digest for package, each in code.items()}
    pipeline = build(Build(settings, names, digests, images, session))
    return Release(pipeline, pipeline.definition(), tuple(code.values()), tags_of(settings))


def upsert(aws: Aws, names: Names, release: Release) -> str:
    """Uploads the code and creates or updates the pipeline; returns the pipeline's ARN.

    Raises:
        AwsError: SageMaker stored another definition than the one that was built.
    """
    for code in release.code:
        upload_code(aws, names, code)
    upload_placeholders(aws, names)
    arn: str = release.pipeline.upsert(role_arn=names.role_arn("pipeline"))["PipelineArn"]
    aws.sagemaker.add_tags(ResourceArn=arn, Tags=tag_list(release.tags))
    stored = aws.sagemaker.describe_pipeline(PipelineName=release.pipeline.name)["PipelineDefinition"]
    if stored != release.definition:
        raise AwsError(f"{arn}: SageMaker stored another definition than the one that was built")
    return arn


def start(aws: Aws, pipeline: str, parameters: Mapping[str, str]) -> str:
    """Starts an execution and returns its ARN."""
    started = aws.sagemaker.start_pipeline_execution(
        PipelineName=pipeline,
        PipelineParameters=[{"Name": name, "Value": value} for name, value in parameters.items()],
    )
    arn: str = started["PipelineExecutionArn"]
    return arn
