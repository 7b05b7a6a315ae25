"""The training pipeline: prepare → train → evaluate → quality gate → register → deploy what is approved."""

from collections.abc import Sequence
from typing import Any

from sagemaker.core.shapes import CheckpointConfig, MetricDefinition, OutputDataConfig, StoppingCondition
from sagemaker.core.training.configs import Compute, InputData
from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import CacheConfig, ProcessingStep, TrainingStep
from sagemaker.train import ModelTrainer

from pipelines.definitions.jobs import Build, ProcessingJob, execution_uri, image, inside, processing
from pipelines.definitions.parameters import Parameters
from pipelines.definitions.registration import Made, approval_step, register_step
from pipelines.definitions.step_outputs import REPORT, measured

CHECKPOINTS = "/opt/ml/checkpoints"
METRICS = ("train_loss", "validation_loss", "validation_accuracy")


def build_pipeline(build: Build) -> Pipeline:
    """The training pipeline. Its definition has the same bytes whenever settings and code are the same."""
    parameters = Parameters(build)
    prepare = prepare_step(build, parameters)
    train = train_step(build, parameters, prepare)
    describe = describe_step(build, parameters, prepare)
    evaluate = evaluate_step(build, parameters, prepare, train)
    register = register_step(build, parameters, Made(describe, train, evaluate))
    gate = gate_step(parameters, [register, approval_step(build, parameters, register)])
    return Pipeline(
        name=build.names.training_pipeline,
        parameters=list(vars(parameters).values()),
        steps=[prepare, describe, train, evaluate, gate],
        sagemaker_session=build.session,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
    )


def prepare_step(build: Build, parameters: Parameters) -> ProcessingStep:
    """PrepareData: the configured classes of the raw archive, split."""
    arguments = ["--archive", inside("input", "raw"), "--output", "/opt/ml/processing/output"]
    arguments += ["--classes", ",".join(build.settings.dataset.classes)]
    outputs = ["train", "test", "manifest"]
    if build.settings.training.others_weight:
        arguments, outputs = [*arguments, "--others"], [*outputs, "others"]
    job = ProcessingJob("prepare", "steps.prepare", arguments, {"raw": parameters.data}, outputs)
    return ProcessingStep(
        name="PrepareData",
        step_args=processing(build, job, parameters.processing_instance),
        cache_config=_cache(build),
    )


def train_step(build: Build, parameters: Parameters, prepare: ProcessingStep) -> TrainingStep:
    """TrainModel: script mode in AWS's PyTorch container, on a content-addressed source tarball."""
    settings = build.settings.training
    splits = ["train", "manifest", *(["others"] if settings.others_weight else [])]
    channels = [InputData(channel_name=name, data_source=_split(prepare, name)) for name in splits]
    limit = settings.max_runtime_minutes * 60
    trainer = ModelTrainer(
        training_image=image(build, "training"),
        compute=Compute(
            instance_type=parameters.training_instance,
            instance_count=settings.instance_count,
            enable_managed_spot_training=settings.spot,
        ),
        stopping_condition=StoppingCondition(
            max_runtime_in_seconds=limit, max_wait_time_in_seconds=2 * limit if settings.spot else None
        ),
        role=build.names.role_arn("pipeline"),
        base_job_name="train",
        hyperparameters=hyperparameters(build),
        input_data_config=channels,
        output_data_config=OutputDataConfig(s3_output_path=execution_uri(build, "model")),
        checkpoint_config=CheckpointConfig(s3_uri=checkpoints_uri(build), local_path=CHECKPOINTS),
        sagemaker_session=build.session,
    ).with_metric_definitions([MetricDefinition(name=name, regex=rf"\b{name}=([0-9.]+)") for name in METRICS])
    return TrainingStep(name="TrainModel", step_args=trainer.train(), cache_config=_cache(build))


def hyperparameters(build: Build) -> dict[str, Any]:
    """Hyperparameters of the training job, and where script mode finds the program."""
    settings = build.settings.training
    # The toolkit's own switch for torchrun, which starts one process an instance, or one a GPU.
    torchrun = {"sagemaker_torch_distributed_enabled": True, "sagemaker_instance_type": settings.instance_type}
    return {
        **settings.hyperparameters,
        **(torchrun if settings.instance_count > 1 else {}),
        "checkpoints": CHECKPOINTS,
        "code_digest": build.code_digest,
        "sagemaker_program": "steps/train.py",
        "sagemaker_submit_directory": build.names.s3("code", "steps", build.digest, "sourcedir.tar.gz"),
        "sagemaker_region": build.settings.region,
    }


def checkpoints_uri(build: Build) -> str:
    """Where interrupted trainings of this code leave what a later one goes on from.

    Not in the execution's folder: another execution may go on, and the URI is part of the key of step caching.
    """
    return build.names.s3("checkpoints", build.digest)


def describe_step(build: Build, parameters: Parameters, prepare: ProcessingStep) -> ProcessingStep:
    """DescribeData: statistics and constraints of the training images, the baseline that drift is measured against."""
    arguments = ["--train", inside("input", "train"), "--manifest", inside("input", "manifest")]
    arguments += ["--output", inside("output", "baseline")]
    inputs = {name: _split(prepare, name) for name in ("train", "manifest")}
    job = ProcessingJob("describe", "steps.describe", arguments, inputs, ["baseline"])
    return ProcessingStep(
        name="DescribeData",
        step_args=processing(build, job, parameters.processing_instance),
        cache_config=_cache(build),
    )


def evaluate_step(build: Build, parameters: Parameters, prepare: ProcessingStep, train: TrainingStep) -> ProcessingStep:
    """EvaluateModel: the model on the test images, the figures for the gate and the page for the approver."""
    arguments = ["--output", inside("output", "evaluation")]
    for name in ("model", "champion", "test", "manifest"):
        arguments += [f"--{name}", inside("input", name)]
    arguments += ["--minimum-accuracy", parameters.accuracy.to_string()]
    arguments += ["--minimum-coverage", parameters.coverage.to_string()]
    arguments += ["--maximum-regression", parameters.regression.to_string()]
    inputs = {
        "champion": parameters.champion,
        "model": train.properties.ModelArtifacts.S3ModelArtifacts,
        "test": _split(prepare, "test"),
        "manifest": _split(prepare, "manifest"),
    }
    job = ProcessingJob("evaluate", "steps.evaluate", arguments, inputs, ["evaluation"])
    return ProcessingStep(
        name="EvaluateModel",
        step_args=processing(build, job, parameters.processing_instance),
        property_files=[REPORT],
        cache_config=_cache(build),
    )


def gate_step(parameters: Parameters, passed: Sequence[Any]) -> ConditionStep:
    """CheckQuality: register what reaches the minimums and does not fall behind the model in production."""
    return ConditionStep(
        name="CheckQuality",
        conditions=[
            ConditionGreaterThanOrEqualTo(left=measured("accuracy"), right=parameters.accuracy),
            ConditionGreaterThanOrEqualTo(left=measured("coverage"), right=parameters.coverage),
            ConditionGreaterThanOrEqualTo(left=measured("champion_margin"), right=0.0),
        ],
        if_steps=list(passed),
        else_steps=[_gate_failed()],
    )


def _gate_failed() -> FailStep:
    message = Join(on="", values=["The model is not good enough to be registered: ", measured("verdict")])
    return FailStep(name="QualityGateFailed", error_message=message)


def _split(prepare: ProcessingStep, name: str) -> Any:  # noqa: ANN401 - an SDK pipeline variable
    return prepare.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri


def _cache(build: Build) -> CacheConfig:
    days = build.settings.pipeline.cache_days
    return CacheConfig(enable_caching=True, expire_after=f"P{days}D") if days else CacheConfig(enable_caching=False)
