"""The training pipeline: prepare → train → evaluate → quality gate → register → deploy what is approved."""

from typing import Any

from sagemaker.core.lambda_helper import Lambda
from sagemaker.core.model_metrics import MetricsSource, ModelMetrics
from sagemaker.core.shapes import MetricDefinition, OutputDataConfig, StoppingCondition
from sagemaker.core.training.configs import Compute, InputData
from sagemaker.core.workflow.conditions import ConditionEquals, ConditionGreaterThanOrEqualTo
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.parameters import ParameterFloat, ParameterString
from sagemaker.core.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.mlops.workflow.model_step import ModelStep
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import CacheConfig, ProcessingStep, TrainingStep
from sagemaker.serve.model_builder import ModelBuilder
from sagemaker.train import ModelTrainer

from pipelines.jobs import Build, ProcessingJob, execution_uri, image, inside, processing

SPLITS = ("train", "validation", "test", "manifest")
METRICS = ("train_loss", "validation_loss", "validation_accuracy")
REPORT = PropertyFile(name="Evaluation", output_name="evaluation", path="evaluation.json")


class Parameters:
    """What may change from one execution to the next without changing the pipeline."""

    def __init__(self, build: Build) -> None:
        settings = build.settings
        self.data = ParameterString(name="InputDataUri")
        self.commit = ParameterString(name="GitCommit", default_value="unknown")
        self.approval = ParameterString(name="ApprovalStatus", default_value=settings.registry.approval)
        self.accuracy = ParameterFloat(name="MinimumAccuracy", default_value=settings.quality_gate.minimum_accuracy)
        self.coverage = ParameterFloat(name="MinimumCoverage", default_value=settings.quality_gate.minimum_coverage)
        self.training_instance = ParameterString(
            name="TrainingInstanceType", default_value=settings.training.instance_type
        )
        self.processing_instance = ParameterString(
            name="ProcessingInstanceType", default_value=settings.processing.instance_type
        )


def build_pipeline(build: Build) -> Pipeline:
    """The training pipeline. Its definition has the same bytes whenever settings and code are the same."""
    parameters = Parameters(build)
    prepare = prepare_step(build, parameters)
    train = train_step(build, parameters, prepare)
    evaluate = evaluate_step(build, parameters, prepare, train)
    register = register_step(build, parameters, train, evaluate)
    gate = ConditionStep(
        name="CheckQuality",
        conditions=[
            ConditionGreaterThanOrEqualTo(left=_measured("accuracy"), right=parameters.accuracy),
            ConditionGreaterThanOrEqualTo(left=_measured("coverage"), right=parameters.coverage),
        ],
        if_steps=[register, approval_step(build, parameters, register)],
        else_steps=[_gate_failed(parameters)],
    )
    return Pipeline(
        name=build.names.training_pipeline,
        parameters=list(vars(parameters).values()),
        steps=[prepare, train, evaluate, gate],
        sagemaker_session=build.session,
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
    )


def prepare_step(build: Build, parameters: Parameters) -> ProcessingStep:
    """PrepareData: the configured classes of the raw archive, split."""
    dataset = build.settings.dataset
    arguments = ["--archive", inside("input", "raw"), "--output", "/opt/ml/processing/output"]
    arguments += ["--classes", ",".join(dataset.classes)]
    arguments += ["--validation-fraction", str(dataset.validation_fraction), "--seed", str(dataset.seed)]
    job = ProcessingJob("prepare", "steps.prepare", arguments, {"raw": parameters.data}, SPLITS)
    return ProcessingStep(
        name="PrepareData",
        step_args=processing(build, job, parameters.processing_instance),
        cache_config=_cache(build),
    )


def train_step(build: Build, parameters: Parameters, prepare: ProcessingStep) -> TrainingStep:
    """TrainModel: script mode in AWS's PyTorch container, on a content-addressed source tarball."""
    settings = build.settings.training
    channels = [
        InputData(channel_name=name, data_source=_split(prepare, name)) for name in ("train", "validation", "manifest")
    ]
    trainer = ModelTrainer(
        training_image=image(build, "training"),
        compute=Compute(instance_type=parameters.training_instance, instance_count=1),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=settings.max_runtime_minutes * 60),
        role=build.names.role_arn("pipeline"),
        base_job_name="train",
        hyperparameters=hyperparameters(build),
        input_data_config=channels,
        output_data_config=OutputDataConfig(s3_output_path=execution_uri(build, "model")),
        sagemaker_session=build.session,
    ).with_metric_definitions([MetricDefinition(name=name, regex=rf"\b{name}=([0-9.]+)") for name in METRICS])
    return TrainingStep(name="TrainModel", step_args=trainer.train(), cache_config=_cache(build))


def hyperparameters(build: Build) -> dict[str, Any]:
    """Hyperparameters of the training job, and where script mode finds the program."""
    settings = build.settings.training
    learned = settings.model_dump(exclude={"instance_type", "max_runtime_minutes"})
    return {
        **learned,
        "code_digest": build.digest,
        "sagemaker_program": "steps/train.py",
        "sagemaker_submit_directory": build.names.s3("code", "steps", build.digest, "sourcedir.tar.gz"),
        "sagemaker_region": build.settings.region,
    }


def evaluate_step(build: Build, parameters: Parameters, prepare: ProcessingStep, train: TrainingStep) -> ProcessingStep:
    """EvaluateModel: the model on the test images, the figures for the gate and the page for the approver."""
    arguments = ["--output", inside("output", "evaluation")]
    for name in ("model", "test", "manifest"):
        arguments += [f"--{name}", inside("input", name)]
    arguments += ["--minimum-accuracy", parameters.accuracy.to_string()]
    arguments += ["--minimum-coverage", parameters.coverage.to_string()]
    inputs = {
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


def register_step(build: Build, parameters: Parameters, train: TrainingStep, evaluate: ProcessingStep) -> ModelStep:
    """RegisterModel: a version in the registry with its quality, its origin and its decision page."""
    endpoint = build.settings.endpoint
    builder = ModelBuilder(
        s3_model_data_url=train.properties.ModelArtifacts.S3ModelArtifacts,
        image_uri=image(build, "inference"),
        instance_type=endpoint.instance_type,
        role_arn=build.names.role_arn("model"),
        env_vars={"SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"},
        sagemaker_session=build.session,
    )
    registration = builder.register(
        model_package_group_name=build.names.model_package_group,
        content_types=["image/png", "image/jpeg", "application/x-image", "application/json"],
        response_types=["application/json"],
        inference_instances=[endpoint.instance_type],
        transform_instances=[endpoint.instance_type],
        approval_status=parameters.approval,
        description=f"Tells {', '.join(build.settings.dataset.classes)} apart",
        model_metrics=ModelMetrics(model_statistics=_statistics(evaluate)),
        customer_metadata_properties=_provenance(build, parameters, evaluate),
    )
    return ModelStep(name="RegisterModel", step_args=registration)


def approval_step(build: Build, parameters: Parameters, register: ModelStep) -> ConditionStep:
    """CheckApproval: deploy at once what was registered as approved; anything else waits for the approver's event."""
    deploy = LambdaStep(
        name="DeployModel",
        lambda_func=Lambda(function_arn=build.names.function_arn("deploy-model"), session=build.session),
        inputs={"model_package_arn": register.properties.ModelPackageArn},
        outputs=[LambdaOutput(name, LambdaOutputTypeEnum.String) for name in ("action", "endpoint_name")],
    )
    approved = ConditionEquals(left=parameters.approval, right="Approved")
    return ConditionStep(
        name="CheckApproval", conditions=[approved], if_steps=[deploy], else_steps=[], depends_on=[register]
    )


def _gate_failed(parameters: Parameters) -> FailStep:
    parts = ["The model is not good enough to be registered: accuracy ", _measured("accuracy"), " (at least "]
    parts += [parameters.accuracy, "), coverage ", _measured("coverage"), " (at least ", parameters.coverage, ")"]
    return FailStep(name="QualityGateFailed", error_message=Join(on="", values=parts))


def _statistics(evaluate: ProcessingStep) -> MetricsSource:
    return MetricsSource(s3_uri=_evaluated(evaluate, "model_quality.json"), content_type="application/json")


def _evaluated(evaluate: ProcessingStep, name: str) -> Join:
    """A file of the evaluation where it really lies, which is another execution's folder when the step is reused."""
    folder = evaluate.properties.ProcessingOutputConfig.Outputs["evaluation"].S3Output.S3Uri
    return Join(on="/", values=[folder, name])


def _provenance(build: Build, parameters: Parameters, evaluate: ProcessingStep) -> dict[str, Any]:
    measured = {name: Join(on="", values=[_measured(name)]) for name in ("accuracy", "coverage", "threshold")}
    return {
        **measured,
        "data_digest": _measured("data_digest"),
        "data_uri": parameters.data,
        "code_digest": build.digest,
        "git_commit": parameters.commit,
        "execution": ExecutionVariables.PIPELINE_EXECUTION_ARN,
        "decision_page": _evaluated(evaluate, "decision.html"),
    }


def _measured(path: str) -> JsonGet:
    return JsonGet(step_name="EvaluateModel", property_file=REPORT, json_path=path)


def _split(prepare: ProcessingStep, name: str) -> Any:  # noqa: ANN401 - an SDK pipeline variable
    return prepare.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri


def _cache(build: Build) -> CacheConfig:
    days = build.settings.pipeline.cache_days
    return CacheConfig(enable_caching=True, expire_after=f"P{days}D") if days else CacheConfig(enable_caching=False)
