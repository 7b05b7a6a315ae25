"""What training reports about the images of the held-out folds."""

import numpy as np
import pytest

from steps.classifier.selective import PrecisionTarget
from steps.dataset.files import Dataset
from steps.train import choose_decision_rule


def test_the_validation_accuracy_is_that_of_the_most_probable_class(dataset: Dataset) -> None:
    logits = np.where(np.eye(2)[dataset.labels] > 0, 2.0, -2.0)
    logits[0] = -logits[0]  # one of the six images is mistaken
    validation = choose_decision_rule(logits, dataset, PrecisionTarget(0.98, 0.9)).validation
    assert validation["accuracy"] == pytest.approx(5 / 6)
    assert validation["images"] == 6
