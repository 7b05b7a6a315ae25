"""The quality gate of the pipelines that register models."""

from collections.abc import Sequence
from typing import Any

from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.core.workflow.functions import Join
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep

from pipelines.definitions.parameters import EvaluationParameters
from pipelines.definitions.step_outputs import measured


def gate_step(parameters: EvaluationParameters, passed: Sequence[Any]) -> ConditionStep:
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
