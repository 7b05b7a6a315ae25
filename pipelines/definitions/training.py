"""The training pipeline: prepare → train → evaluate → quality gate → register → deploy if approved."""

from functools import partial

from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow.pipeline import Pipeline

from pipelines.definitions.jobs import Build
from pipelines.definitions.parameters import TrainingParameters
from pipelines.definitions.processing_steps import describe_step, evaluate_step, prepare_step
from pipelines.definitions.quality_gate import gate_step
from pipelines.definitions.registration import Made, approval_step, register_step
from pipelines.definitions.step_outputs import folder
from pipelines.definitions.training_job import train_step


def build_pipeline(build: Build) -> Pipeline:
    """Builds the training pipeline. The same settings and code always give the same definition, byte for byte."""
    parameters = TrainingParameters(build)
    prepare = prepare_step(build, parameters)
    train = train_step(build, parameters, prepare)
    prepared, model_uri = partial(folder, prepare), train.properties.ModelArtifacts.S3ModelArtifacts
    evaluate = evaluate_step(build, parameters, prepared, model_uri)
    describe = describe_step(build, parameters, prepared, evaluate)
    made = Made(describe, evaluate, model_uri, parameters.data, parameters.commit, build.code_digest)
    register = register_step(build, made, parameters.champion_package, parameters.approval)
    gate = gate_step(parameters, [register, approval_step(build, parameters, register)])
    return Pipeline(
        name=build.names.training_pipeline,
        parameters=list(vars(parameters).values()),
        steps=[prepare, train, evaluate, describe, gate],
        sagemaker_session=build.session,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
    )
