"""The pipeline that rebases a version: evaluate → quality gate → register, with an archive that was trained before.

A model package names its container image by digest, so a patched image reaches the endpoint with a new version. This
one has the archive of an earlier version, is evaluated anew on the data that PrepareData made for that one, and waits
for a person whatever the settings say: nobody has trained anything, so nothing but the image can be decided about.
"""

from functools import partial
from typing import Any

from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow.pipeline import Pipeline

from pipelines.definitions.jobs import Build
from pipelines.definitions.parameters import WAITING, RebaseParameters
from pipelines.definitions.processing_steps import describe_step, evaluate_step
from pipelines.definitions.quality_gate import gate_step
from pipelines.definitions.registration import Made, register_step


def build_pipeline(build: Build) -> Pipeline:
    """Builds the pipeline. The same settings and code always give the same definition, byte for byte."""
    parameters = RebaseParameters(build)
    prepared = partial(_prepared, parameters.prepared)
    evaluate = evaluate_step(build, parameters, prepared, parameters.model, parameters.rebased_from)
    describe = describe_step(build, parameters, prepared, evaluate)
    image = build.images.uri("inference", build.settings.endpoint.instance_type)
    rebased = {"rebased_from": parameters.rebased_from, "image": image}
    origin = (parameters.data, parameters.commit, parameters.code_digest)
    made = Made(describe, evaluate, parameters.model, *origin, rebased)
    return Pipeline(
        name=build.names.rebase_pipeline,
        parameters=list(vars(parameters).values()),
        steps=[
            evaluate,
            describe,
            gate_step(parameters, [register_step(build, made, parameters.champion_package, WAITING)]),
        ],
        sagemaker_session=build.session,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
    )


def _prepared(folder: ParameterString, name: str) -> Any:  # noqa: ANN401 - an SDK pipeline variable
    """The S3 folder of one of the outputs of PrepareData, which all lie side by side."""
    return Join(on="/", values=[folder, name])
