"""What later steps of the training pipeline take from the evaluation and from the description of the data."""

from typing import Any

from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.properties import PropertyFile

REPORT = PropertyFile(name="Evaluation", output_name="evaluation", path="evaluation.json")


def measured(path: str) -> JsonGet:
    """A value of `evaluation.json`."""
    return JsonGet(step_name="EvaluateModel", property_file=REPORT, json_path=path)


def written(step: Any, output: str, name: str) -> Join:  # noqa: ANN401 - an SDK step
    """A file that a step wrote where it really lies: in another execution's folder when the step is reused."""
    folder = step.properties.ProcessingOutputConfig.Outputs[output].S3Output.S3Uri
    return Join(on="/", values=[folder, name])
