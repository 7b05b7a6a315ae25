"""The parameters of the training pipeline."""

from typing import get_args

from sagemaker.core.workflow.parameters import ParameterFloat, ParameterString

from pipelines.definitions.jobs import Build
from pipelines.settings.model import Settings
from pipelines.settings.naming import NO_CHAMPION_PACKAGE
from pipelines.settings.sections import Approval


def allowed(settings: Settings) -> list[str]:
    """The statuses with which an execution may register its model. Where a person decides, it can approve none."""
    waiting: Approval = "PendingManualApproval"
    return [waiting] if settings.registry.approval == waiting else list(get_args(Approval))


class Parameters:
    """The values that each execution may set, with the configuration's values as defaults.

    An instance type may be overridden only within its family: the definition names one container image, for CPUs or
    for GPUs. `pipelines.delivery.instance_types` refuses the rest; `pipelines.delivery.parameters` other wrong values.
    """

    def __init__(self, build: Build) -> None:
        settings, gate = build.settings, build.settings.quality_gate
        self.data = ParameterString(name="InputDataUri")
        self.reviewed = ParameterString(name="ReviewedDataUri", default_value=build.names.no_reviewed_uri)
        self.commit = ParameterString(name="GitCommit", default_value="unknown")
        self.approval = ParameterString(
            name="ApprovalStatus", default_value=settings.registry.approval, enum_values=allowed(settings)
        )
        self.accuracy = ParameterFloat(name="MinimumAccuracy", default_value=gate.minimum_accuracy)
        self.coverage = ParameterFloat(name="MinimumCoverage", default_value=gate.minimum_coverage)
        self.regression = ParameterFloat(name="MaximumRegression", default_value=gate.maximum_regression)
        self.robust_accuracy = ParameterFloat(name="MinimumRobustAccuracy", default_value=gate.minimum_robust_accuracy)
        self.others_decided = ParameterFloat(name="MaximumOthersDecided", default_value=gate.maximum_others_decided)
        self.champion = ParameterString(name="ChampionModelUri", default_value=build.names.no_champion_uri)
        self.champion_package = ParameterString(name="ChampionModelPackage", default_value=NO_CHAMPION_PACKAGE)
        self.training_instance = ParameterString(
            name="TrainingInstanceType", default_value=settings.training.instance_type
        )
        self.processing_instance = ParameterString(
            name="ProcessingInstanceType", default_value=settings.processing.instance_type
        )
