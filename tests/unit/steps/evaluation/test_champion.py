"""The champion: where its archive lies, and when it can be compared."""

from pathlib import Path

import numpy as np
import pytest

from steps.classifier.scoring import Latency, Scored
from steps.evaluation.champion import assess, find
from steps.evaluation.robustness import WAYS, Exam

LABELS = np.array([0, 1])
EXAM = Exam(LABELS, np.empty(0, np.uint8))
RIGHT = np.array([[0.9, 0.1], [0.2, 0.8]])


def scored(sha256: str, *classes: str) -> Scored:
    """A model that is right about both photos, in the order of the classes (bicycle, motorcycle)."""
    answers = RIGHT if classes[0] == "bicycle" else RIGHT[:, ::-1]
    further = np.tile(answers, (len(WAYS), 1))
    return Scored(f"job-{sha256}", classes, 0.7, answers, sha256, 500, Latency(2.0, 3.0, 100), further)


def test_the_archive_of_a_folder(tmp_path: Path) -> None:
    assert find(tmp_path) is None
    (tmp_path / "model.tar.gz").write_bytes(b"model")
    assert find(tmp_path) == tmp_path / "model.tar.gz"


def test_classes_in_another_order_are_compared() -> None:
    champion = assess(LABELS, scored("new", "bicycle", "motorcycle"), scored("old", "motorcycle", "bicycle"), EXAM)
    assert champion.measurements is not None
    assert champion.comparison is not None
    assert (champion.measurements.accuracy, champion.measurements.robust_accuracy) == (1, 1)
    assert (champion.comparison.both_right, champion.incomparable, champion.same_model) == (2, "", False)
    assert (champion.model_version, champion.archive_bytes, champion.latency.p95_ms) == ("job-old", 500, 3.0)


@pytest.mark.parametrize(("sha256", "same"), [("old", False), ("new", True)])
def test_other_classes_cannot_be_compared(sha256: str, same: bool) -> None:
    champion = assess(LABELS, scored("new", "bicycle", "motorcycle"), scored(sha256, "bicycle", "moped"), EXAM)
    assert champion.incomparable == "it tells bicycle, moped apart, and the test photos are of bicycle, motorcycle"
    assert (champion.measurements, champion.comparison, champion.same_model) == (None, None, same)
