"""What a model is worth on the test images: everything that `evaluation.json` says."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from steps import metrics
from steps.arrays import Labels, Probabilities
from steps.classifier import ModelInfo
from steps.metrics import ClassScores
from steps.selective import Operation, operate, risk_coverage


@dataclass(frozen=True)
class Minimums:
    """What a model must reach on the test images to be registered, as shares."""

    accuracy: float
    coverage: float


@dataclass(frozen=True)
class Gate:
    """One minimum, and what was reached."""

    name: str
    value: float
    minimum: float
    passed: bool


@dataclass(frozen=True)
class Evaluation:
    """All measurements on the test images; `accuracy_of_accepted` is 0 where nothing reaches the threshold."""

    accuracy: float
    coverage: float
    accuracy_of_accepted: float
    threshold: float
    roc_auc: float
    expected_calibration_error: float
    log_loss: float
    test_images: int
    classes: tuple[str, ...]
    per_class: dict[str, ClassScores]
    confusion_matrix: dict[str, dict[str, int]]
    risk_coverage: tuple[Operation, ...]
    synthetic: bool
    data_digest: str
    model_version: str
    gates: tuple[Gate, ...]

    @property
    def passed(self) -> bool:
        """Whether the model would be registered."""
        return all(gate.passed for gate in self.gates)

    def to_json(self) -> dict[str, Any]:
        """The contents of `evaluation.json`."""
        return asdict(self)


def evaluate(labels: Labels, probabilities: Probabilities, model: ModelInfo, minimums: Minimums) -> Evaluation:
    """Measure predictions (N, classes) against labels (N,), every class of which must occur."""
    predictions = probabilities.argmax(axis=1)
    confusion = metrics.confusion_matrix(labels, predictions, len(model.classes))
    accuracy, operation = metrics.accuracy(labels, predictions), operate(labels, probabilities, model.threshold)
    return Evaluation(
        accuracy=accuracy,
        coverage=operation.coverage,
        accuracy_of_accepted=operation.accuracy,
        threshold=model.threshold,
        roc_auc=metrics.roc_auc(labels, probabilities),
        expected_calibration_error=metrics.expected_calibration_error(labels, probabilities),
        log_loss=metrics.log_loss(labels, probabilities),
        test_images=len(labels),
        classes=model.classes,
        per_class=dict(zip(model.classes, metrics.class_scores(confusion), strict=True)),
        confusion_matrix=_by_name(confusion.tolist(), model.classes),
        risk_coverage=risk_coverage(labels, probabilities),
        synthetic=model.synthetic,
        data_digest=model.data_digest,
        model_version=model.model_version,
        gates=(
            Gate("accuracy", accuracy, minimums.accuracy, accuracy >= minimums.accuracy),
            Gate("coverage", operation.coverage, minimums.coverage, operation.coverage >= minimums.coverage),
        ),
    )


def _by_name(confusion: Sequence[Sequence[int]], classes: Sequence[str]) -> dict[str, dict[str, int]]:
    return {name: dict(zip(classes, row, strict=True)) for name, row in zip(classes, confusion, strict=True)}
