"""References to the outputs of PrepareData, DescribeData and EvaluateModel, for later steps."""

from collections.abc import Callable
from typing import Any

from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.properties import PropertyFile

Prepared = Callable[[str], Any]  # the S3 folder of one of PrepareData's outputs, by name
REPORT = PropertyFile(name="Evaluation", output_name="evaluation", path="evaluation.json")


def measured(path: str) -> JsonGet:
    """A value from `evaluation.json`."""
    return JsonGet(step_name="EvaluateModel", property_file=REPORT, json_path=path)


def folder(step: Any, output: str) -> Any:  # noqa: ANN401 - an SDK step and an SDK pipeline variable
    """The S3 folder of a processing step's output.

    When SageMaker reuses the step from its cache, that is a folder of the execution that first ran it.
    """
    return step.properties.ProcessingOutputConfig.Outputs[output].S3Output.S3Uri


def written(step: Any, output: str, name: str) -> Join:  # noqa: ANN401 - an SDK step
    """A file in a processing step's output."""
    return Join(on="/", values=[folder(step, output), name])
