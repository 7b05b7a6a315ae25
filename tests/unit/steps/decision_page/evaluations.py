"""Evaluations of six photos, with measurements on changed photos and on other things as the test wants them."""

import numpy as np

from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Latency
from steps.evaluation.champion import Champion
from steps.evaluation.evaluation import Archive, Evaluation, evaluate
from steps.evaluation.gates import Limits
from steps.evaluation.measurements import measure
from steps.evaluation.paired import compare
from steps.evaluation.robustness import Beyond, Robustness

PROBABILITIES = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.05, 0.95], [0.6, 0.4], [0.3, 0.7]])
LABELS = np.array([0, 1, 0, 1, 0, 1])
LATENCY = Latency(2.0, 3.0, 100)
LIMITS = Limits(0.5, 0.5, 0.02, 0.7, 0.15)


def beyond(accuracy: float, others_decided: float | None = None, right_of_decided: float | None = 0.9) -> Beyond:
    """Measurements of two kinds of change, in no order, and of 100 photos of other things or of none."""
    ways = (("few_photons", 3), ("few_photons", 1), ("blur", 2), ("few_photons", 2), ("blur", 1), ("blur", 3))
    rows = tuple(Robustness(*way, accuracy - way[1] / 100, 0.5, right_of_decided) for way in ways)
    return Beyond(rows, accuracy, others_decided, 0 if others_decided is None else 100)


def champion(measured: Beyond, *, same_model: bool) -> Champion:
    """A model in production that answers the test photos in the same way."""
    right = PROBABILITIES.argmax(axis=1) == LABELS
    measurements = measure(LABELS, PROBABILITIES, ("bicycle", "motorcycle"), 0.7, measured)
    return Champion("job-old", 1, LATENCY, same_model, "", measurements, compare(right, right))


def judge(info: ModelInfo, here: Beyond, there: Beyond | None = None, *, same_model: bool = False) -> Evaluation:
    """The evaluation of a model, against production where there is one."""
    rival = champion(there, same_model=same_model) if there else None
    return evaluate(LABELS, PROBABILITIES, info, Archive(500_000, LATENCY), rival, LIMITS, here)
