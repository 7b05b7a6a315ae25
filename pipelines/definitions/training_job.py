"""The step TrainModel: script mode under AWS's training toolkit, on a content-addressed source archive."""

from typing import Any

from sagemaker.core.shapes import CheckpointConfig, MetricDefinition, OutputDataConfig, StoppingCondition, Tag
from sagemaker.core.training.configs import Compute, InputData
from sagemaker.mlops.workflow.steps import ProcessingStep, TrainingStep
from sagemaker.train import ModelTrainer

from pipelines.definitions.jobs import Build, cache, execution_uri
from pipelines.definitions.networks import of_training
from pipelines.definitions.parameters import TrainingParameters
from pipelines.definitions.step_outputs import folder
from pipelines.settings.naming import tags_of

CHECKPOINTS = "/opt/ml/checkpoints"
CODE = "/opt/ml/input/data/code"
SOURCES = "sourcedir.tar.gz"
METRICS = ("train_loss", "validation_loss", "validation_accuracy")


def train_step(build: Build, parameters: TrainingParameters, prepare: ProcessingStep) -> TrainingStep:
    """TrainModel: trains on the output of PrepareData."""
    trainer = ModelTrainer(
        training_image=build.images.uri("training", build.settings.training.instance_type),
        compute=Compute(
            instance_type=parameters.training_instance,
            instance_count=build.settings.training.instance_count,
            enable_managed_spot_training=build.settings.training.spot,
        ),
        stopping_condition=stopping_condition(build),
        role=build.names.role_arn("job"),
        networking=of_training(build.settings.network),
        base_job_name="train",
        hyperparameters=hyperparameters(build),
        input_data_config=channels(build, prepare),
        output_data_config=OutputDataConfig(s3_output_path=execution_uri(build, "model")),
        checkpoint_config=CheckpointConfig(s3_uri=checkpoints_uri(build), local_path=CHECKPOINTS),
        tags=[Tag(key=key, value=value) for key, value in tags_of(build.settings).items()],
        sagemaker_session=build.session,
    ).with_metric_definitions([MetricDefinition(name=name, regex=rf"\b{name}=([0-9.]+)") for name in METRICS])
    return TrainingStep(name="TrainModel", step_args=trainer.train(), cache_config=cache(build))


def channels(build: Build, prepare: ProcessingStep) -> list[InputData]:
    """The input channels. The code is one of them, because a container may have no network to fetch it through."""
    data = {name: folder(prepare, name) for name in ("train", "others", "manifest")}
    sources = {**data, "code": build.code("steps", SOURCES)}
    return [InputData(channel_name=name, data_source=uri) for name, uri in sources.items()]


def stopping_condition(build: Build) -> StoppingCondition:
    """The time limit. A spot training may wait for capacity for as long again."""
    limit = build.settings.training.max_runtime_minutes * 60
    longest_wait = 2 * limit if build.settings.training.spot else None
    return StoppingCondition(max_runtime_in_seconds=limit, max_wait_time_in_seconds=longest_wait)


def hyperparameters(build: Build) -> dict[str, Any]:
    """The model's hyperparameters, and the ones that tell script mode what to run."""
    training = build.settings.training
    # With this switch of the training toolkit, torchrun starts one process for each instance, or for each GPU.
    torchrun = {"sagemaker_torch_distributed_enabled": True, "sagemaker_instance_type": training.instance_type}
    return {
        **training.hyperparameters,
        **(torchrun if training.instance_count > 1 else {}),
        "checkpoints": CHECKPOINTS,
        "code_digest": build.code_digest,
        "sagemaker_program": "steps/train.py",
        "sagemaker_submit_directory": f"{CODE}/{SOURCES}",
        "sagemaker_region": build.settings.region,
    }


def checkpoints_uri(build: Build) -> str:
    """Where interrupted trainings leave their checkpoints, by the digest of `steps`.

    The URI may not depend on the execution: a later execution resumes the training, and SageMaker's step caching
    compares the URI.
    """
    return build.names.s3("checkpoints", build.digests["steps"])
