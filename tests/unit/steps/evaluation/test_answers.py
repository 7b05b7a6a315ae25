"""The answers to the test photos, with which monitoring compares."""

from dataclasses import replace

import numpy as np

from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Latency, Scored
from steps.evaluation.answers import answers

PROBABILITIES = np.array([[0.7, 0.3], [0.4, 0.6]])
SCORED = Scored(
    "job-1", ("bicycle", "motorcycle"), 0.7, PROBABILITIES, "new", 1, Latency(2.0, 3.0, 100), PROBABILITIES[:0]
)
LABELS = np.array([0, 0])


def test_what_the_endpoint_would_answer_and_what_is_right(model_info: ModelInfo) -> None:
    said = answers(model_info, replace(SCORED, other=np.array([0.1, 0.2])), LABELS)
    assert (said["labels"], said["probabilities"]) == (model_info.classes, [[0.7, 0.3], [0.4, 0.6]])
    assert (said["other"], said["right"]) == ([0.1, 0.2], [True, False])
    assert (said["upright"], said["turned"]) == (None, None)


def test_turned_photos_are_seen_as_the_turns_that_they_lack(model_info: ModelInfo) -> None:
    """A photo turned by 90° is upright if the photo itself looks turned by 270°, and so on."""
    said = answers(model_info, replace(SCORED, turns=np.array([[0.9, 0.05, 0.04, 0.01], [0.1, 0.2, 0.3, 0.4]])), LABELS)
    assert (said["upright"], said["turned"]) == ([0.9, 0.1], [[0.01, 0.04, 0.05], [0.4, 0.3, 0.2]])
