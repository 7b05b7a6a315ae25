"""`answers.json`: what the endpoint would answer to the test photos, the reference that monitoring compares with."""

from typing import Any

from steps.arrays import Labels
from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Scored
from steps.evaluation.champion import right


def answers(model: ModelInfo, scored: Scored, labels: Labels) -> dict[str, Any]:
    """The model's answers to the test photos, in the shape of one response of the endpoint (`steps.inference`).

    `right` says of each photo whether the most probable class is its label, `turned` how probable the model would find
    it that it is upright, if the photo were turned by 90°, 180° and 270°. The model looks at all turns of a photo in
    any case, so that they only change places.
    """
    turns = scored.turns
    return {
        "labels": model.classes,
        "probabilities": scored.probabilities.tolist(),
        "other": None if scored.other is None else scored.other.tolist(),
        "upright": None if turns is None else turns[:, 0].tolist(),
        "threshold": model.threshold,
        "model_version": model.model_version,
        "synthetic": model.synthetic,
        "right": right(labels, scored.probabilities).tolist(),
        "turned": None if turns is None else turns[:, :0:-1].tolist(),
    }
