"""`answers.json`: what the endpoint would answer to the test photos, the reference that monitoring compares with."""

from typing import Any

from steps.arrays import Labels
from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Scored
from steps.evaluation.champion import right


def answers(model: ModelInfo, scored: Scored, labels: Labels) -> dict[str, Any]:
    """The model's answers to the test photos, in the shape of one response of the endpoint (`steps.inference`).

    `right` says of each photo whether the most probable class is its label.
    """
    return {
        "labels": model.classes,
        "probabilities": scored.probabilities.tolist(),
        "other": None if scored.other is None else scored.other.tolist(),
        "threshold": model.threshold,
        "model_version": model.model_version,
        "synthetic": model.synthetic,
        "right": right(labels, scored.probabilities).tolist(),
    }
