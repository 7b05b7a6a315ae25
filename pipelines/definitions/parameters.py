"""The parameters of the pipelines that register models."""

from typing import get_args

from sagemaker.core.workflow.parameters import ParameterFloat, ParameterString

from pipelines.definitions.jobs import Build
from pipelines.settings.model import Settings
from pipelines.settings.naming import NO_CHAMPION_PACKAGE
from pipelines.settings.sections import Approval

WAITING: Approval = "PendingManualApproval"


def allowed(settings: Settings) -> list[str]:
    """The statuses with which an execution may register its model. Where a person decides, it can approve none."""
    return [WAITING] if settings.registry.approval == WAITING else list(get_args(Approval))


class EvaluationParameters:
    """What an execution may set of evaluation and quality gate, with the configuration's values as defaults.

    The instance type may be overridden only within its family: the definition names one container image, for CPUs or
    for GPUs. `pipelines.delivery.instance_types` refuses the rest; `pipelines.delivery.parameters` other wrong values.
    """

    processing_instance: ParameterString

    def __init__(self, build: Build) -> None:
        gate = build.settings.quality_gate
        self.accuracy = ParameterFloat(name="MinimumAccuracy", default_value=gate.minimum_accuracy)
        self.coverage = ParameterFloat(name="MinimumCoverage", default_value=gate.minimum_coverage)
        self.regression = ParameterFloat(name="MaximumRegression", default_value=gate.maximum_regression)
        self.robust_accuracy = ParameterFloat(name="MinimumRobustAccuracy", default_value=gate.minimum_robust_accuracy)
        self.others_decided = ParameterFloat(name="MaximumOthersDecided", default_value=gate.maximum_others_decided)
        self.champion = ParameterString(name="ChampionModelUri", default_value=build.names.no_champion_uri)
        self.champion_package = ParameterString(name="ChampionModelPackage", default_value=NO_CHAMPION_PACKAGE)


def processing_instance(build: Build) -> ParameterString:
    """The instance type of the processing jobs."""
    return ParameterString(name="ProcessingInstanceType", default_value=build.settings.processing.instance_type)


class TrainingParameters(EvaluationParameters):
    """The values that each execution of the training pipeline may set."""

    def __init__(self, build: Build) -> None:
        settings = build.settings
        self.data = ParameterString(name="InputDataUri")
        self.reviewed = ParameterString(name="ReviewedDataUri", default_value=build.names.no_reviewed_uri)
        self.commit = ParameterString(name="GitCommit", default_value="unknown")
        self.approval = ParameterString(
            name="ApprovalStatus", default_value=settings.registry.approval, enum_values=allowed(settings)
        )
        super().__init__(build)
        self.training_instance = ParameterString(
            name="TrainingInstanceType", default_value=settings.training.instance_type
        )
        self.processing_instance = processing_instance(build)


class RebaseParameters(EvaluationParameters):
    """What an execution of the pipeline that rebases a version is told of that version."""

    def __init__(self, build: Build) -> None:
        self.rebased_from = ParameterString(name="RebasedFrom")
        self.model = ParameterString(name="ModelUri")
        self.prepared = ParameterString(name="PreparedDataUri")
        self.data = ParameterString(name="InputDataUri")
        self.code_digest = ParameterString(name="CodeDigest")
        self.commit = ParameterString(name="GitCommit")
        super().__init__(build)
        self.processing_instance = processing_instance(build)
