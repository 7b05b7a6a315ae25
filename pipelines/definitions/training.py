"""The training pipeline: prepare → train → evaluate → quality gate → register → deploy if approved."""

from collections.abc import Sequence
from typing import Any

from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.pipeline import Pipeline

from pipelines.definitions.jobs import Build
from pipelines.definitions.parameters import Parameters
from pipelines.definitions.processing_steps import describe_step, evaluate_step, prepare_step
from pipelines.definitions.registration import Made, approval_step, register_step
from pipelines.definitions.step_outputs import measured
from pipelines.definitions.training_job import train_step


def build_pipeline(build: Build) -> Pipeline:
    """Builds the training pipeline. The same settings and code always give the same definition, byte for byte."""
    parameters = Parameters(build)
    prepare = prepare_step(build, parameters)
    train = train_step(build, parameters, prepare)
    evaluate = evaluate_step(build, parameters, prepare, train)
    describe = describe_step(build, parameters, prepare, evaluate)
    register = register_step(build, parameters, Made(describe, train, evaluate))
    gate = gate_step(parameters, [register, approval_step(build, parameters, register)])
    return Pipeline(
        name=build.names.training_pipeline,
        parameters=list(vars(parameters).values()),
        steps=[prepare, train, evaluate, describe, gate],
        sagemaker_session=build.session,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
    )


def gate_step(parameters: Parameters, passed: Sequence[Any]) -> ConditionStep:
    """CheckQuality: runs `passed` if the model keeps to the limits and is not much worse than the champion."""
    return ConditionStep(
        name="CheckQuality",
        conditions=[
            ConditionGreaterThanOrEqualTo(left=measured("accuracy"), right=parameters.accuracy),
            ConditionGreaterThanOrEqualTo(left=measured("coverage"), right=parameters.coverage),
            ConditionGreaterThanOrEqualTo(left=measured("robust_accuracy"), right=parameters.robust_accuracy),
            ConditionGreaterThanOrEqualTo(left=measured("others_margin"), right=0.0),
            ConditionGreaterThanOrEqualTo(left=measured("champion_margin"), right=0.0),
        ],
        if_steps=list(passed),
        else_steps=[_gate_failed()],
    )


def _gate_failed() -> FailStep:
    message = Join(on="", values=["The model is not good enough to be registered: ", measured("verdict")])
    return FailStep(name="QualityGateFailed", error_message=message)
