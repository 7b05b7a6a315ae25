"""The end of pipelines: registers the model with everything an approver needs, and deploys it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sagemaker.core.drift_check_baselines import DriftCheckBaselines
from sagemaker.core.lambda_helper import Lambda
from sagemaker.core.model_metrics import MetricsSource, ModelMetrics
from sagemaker.core.shapes import ModelPackageModelCard
from sagemaker.core.workflow.conditions import ConditionEquals
from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.mlops.workflow.model_step import ModelStep
from sagemaker.mlops.workflow.steps import ProcessingStep
from sagemaker.serve.model_builder import ModelBuilder

from pipelines.definitions import model_card
from pipelines.definitions.jobs import Build
from pipelines.definitions.parameters import TrainingParameters
from pipelines.definitions.step_outputs import folder, measured, written


@dataclass(frozen=True)
class Made:
    """What is registered: the steps that described and evaluated it, and where it comes from.

    `rebased` has, of a version that was rebased, which one that was and the image that it is in now.
    """

    describe: ProcessingStep
    evaluate: ProcessingStep
    model_uri: Any
    data_uri: Any
    commit: Any
    code_digest: Any
    rebased: Mapping[str, Any] = field(default_factory=dict)


def register_step(
    build: Build,
    made: Made,
    champion_package: ParameterString,
    approval: Any,  # noqa: ANN401 - a string or an SDK pipeline variable
) -> ModelStep:
    """RegisterModel: creates a model package with metrics, data statistics, model card and provenance."""
    endpoint = build.settings.endpoint
    builder = ModelBuilder(
        s3_model_data_url=made.model_uri,
        image_uri=build.images.uri("inference", endpoint.instance_type),
        instance_type=endpoint.instance_type,
        role_arn=build.names.role_arn("model"),
        env_vars={"SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"},
        sagemaker_session=build.session,
    )
    quality, statistics, constraints = _sources(made)
    registration = builder.register(
        model_package_group_name=build.names.model_package_group,
        content_types=["image/png", "image/jpeg", "application/x-image", "application/json"],
        response_types=["application/json"],
        inference_instances=[endpoint.instance_type],
        transform_instances=[endpoint.instance_type],
        approval_status=approval,
        description=f"Tells {', '.join(build.settings.dataset.classes)} apart",
        model_metrics=ModelMetrics(
            model_statistics=quality, model_data_statistics=statistics, model_data_constraints=constraints
        ),
        drift_check_baselines=DriftCheckBaselines(
            model_statistics=quality, model_data_statistics=statistics, model_data_constraints=constraints
        ),
        model_card=_card(build, made, champion_package),
        customer_metadata_properties=_provenance(made, champion_package),
    )
    return ModelStep(name="RegisterModel", step_args=registration)


def approval_step(build: Build, parameters: TrainingParameters, register: ModelStep) -> ConditionStep:
    """CheckApproval: deploys a model that is registered as approved. Any other waits for an approver's decision."""
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


def _sources(made: Made) -> tuple[MetricsSource, MetricsSource, MetricsSource]:
    """Sources of the model quality, and of the statistics and constraints of the training images."""
    files = (
        written(made.evaluate, "evaluation", "model_quality.json"),
        written(made.describe, "baseline", "statistics.json"),
        written(made.describe, "baseline", "constraints.json"),
    )
    quality, statistics, constraints = (MetricsSource(s3_uri=uri, content_type="application/json") for uri in files)
    return quality, statistics, constraints


def _card(build: Build, made: Made, champion_package: ParameterString) -> ModelPackageModelCard:
    values = {name: measured(name) for name in (*model_card.MEASURED, "data_digest", "verdict")}
    values |= {
        "data_uri": made.data_uri,
        "model_uri": made.model_uri,
        "commit": made.commit,
        "champion": champion_package,
        "execution": ExecutionVariables.PIPELINE_EXECUTION_ARN,
        **made.rebased,
    }
    card = model_card.describe_rebased(build.settings) if made.rebased else model_card.describe(build.settings)
    content = model_card.fill(card, values)
    return ModelPackageModelCard(model_card_content=content, model_card_status="PendingReview")


def _provenance(made: Made, champion_package: ParameterString) -> dict[str, Any]:
    # Not the share of other things decided: it may be null, which no text can be joined with. The verdict says it.
    figures = ("accuracy", "coverage", "accuracy_of_accepted", "robust_accuracy", "threshold", "champion_floor")
    return {
        **{name: Join(on="", values=[measured(name)]) for name in figures},
        "champion": champion_package,
        "data_digest": measured("data_digest"),
        "data_uri": made.data_uri,
        "code_digest": made.code_digest,
        "git_commit": made.commit,
        "execution": ExecutionVariables.PIPELINE_EXECUTION_ARN,
        "evaluation": written(made.evaluate, "evaluation", "evaluation.json"),
        "decision_page": written(made.evaluate, "evaluation", "decision.html"),
        "kept_photos": Join(on="/", values=[folder(made.evaluate, "evaluation"), measured("kept_photos")]),
        **made.rebased,
    }
