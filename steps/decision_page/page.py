"""Renders `decision.html`: one self-contained page, verdict first, for the person who approves the model."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from jinja2 import Template
from numpy.typing import NDArray
from PIL import Image

from jobs.intervals import wilson_interval
from jobs.pages import data_uri, page_environment
from steps.arrays import Images, Probabilities
from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Scored
from steps.classifier.selective import OperatingPoint
from steps.dataset.files import Dataset, Manifest
from steps.decision_page.changed_photos import STRENGTHS, kinds
from steps.decision_page.figures import Picture
from steps.decision_page.side_by_side import rows
from steps.evaluation.champion import aligned, right
from steps.evaluation.evaluation import Evaluation
from steps.evaluation.gates import Gate
from steps.evaluation.wording import points

MOST_MISTAKES = 12
GATES = {
    "accuracy": "Accuracy",
    "coverage": "Coverage",
    "robust_accuracy": "Accuracy on changed photos",
    "others_decided": "Other things decided",
    "champion": "Accuracy against production",
}


@dataclass(frozen=True)
class Subject:
    """Contents of the page: an evaluation, its model and data, and probabilities (N, classes) of the test images.

    `production` has the scores of the model in production for the same images, if there is one. `rebased_from` is the
    ARN of the model package that has the same archive in another container image, if nothing was trained.
    """

    evaluation: Evaluation
    model: ModelInfo
    manifest: Manifest
    test: Dataset
    probabilities: Probabilities
    production: Scored | None
    rebased_from: str | None = None


@dataclass(frozen=True)
class Estimate:
    """A share of images with its 95 % confidence interval."""

    value: float
    right: int
    total: int
    low: float
    high: float


@dataclass(frozen=True)
class Threshold:
    """A named confidence threshold and its operating point on the test images."""

    name: str
    operation: OperatingPoint
    accepted: Estimate | None


@dataclass(frozen=True)
class Mistake:
    """A misclassified photo; `decided` without a person, or `new` because production classifies it correctly."""

    image: str
    name: str
    actual: str
    predicted: str
    confidence: float
    decided: bool
    new: bool


def estimate(right: int, total: int) -> Estimate | None:
    """The share of `right` in `total`, or None if `total` is 0."""
    return Estimate(right / total, right, total, *wilson_interval(right / total, total)) if total else None


def thresholds(evaluation: Evaluation) -> list[Threshold]:
    """The model's own threshold and the customary one."""
    own = OperatingPoint(evaluation.threshold, evaluation.coverage, evaluation.accuracy_of_accepted)
    return [
        Threshold(name, operation, _accepted(operation, evaluation.test_images))
        for name, operation in (("this model's", own), ("customary", evaluation.customary))
    ]


def _accepted(operation: OperatingPoint, images: int) -> Estimate | None:
    decided = round(operation.coverage * images)
    return estimate(round(operation.accuracy * decided), decided)


def worst_mistakes(subject: Subject) -> list[Mistake]:
    """The most confident mistakes, at most twelve."""
    predictions, confidence = subject.probabilities.argmax(axis=1), subject.probabilities.max(axis=1)
    wrong = np.flatnonzero(predictions != subject.test.labels)
    production = right_in_production(subject)
    rows = wrong[np.argsort(-confidence[wrong], kind="stable")][:MOST_MISTAKES]
    return [
        Mistake(
            image=data_uri(_png(subject.test.images[row])),
            name=str(subject.test.names[row]),
            actual=subject.model.classes[subject.test.labels[row]],
            predicted=subject.model.classes[predictions[row]],
            confidence=float(confidence[row]),
            decided=bool(confidence[row] >= subject.model.threshold),
            new=bool(production[row]),
        )
        for row in rows
    ]


def right_in_production(subject: Subject) -> NDArray[np.bool_]:
    """Which test photos (N,) the model in production classifies correctly; all False if it cannot be compared."""
    champion = subject.evaluation.champion
    if subject.production is None or champion is None or champion.measurements is None:
        return np.zeros(len(subject.test.labels), dtype=np.bool_)
    production = subject.production
    answers = aligned(production.probabilities, production.classes, subject.model.classes)
    return right(subject.test.labels, answers)


def chance_to_fail(gate: Gate, evaluation: Evaluation) -> bool:
    """Whether other test images could change the gate's outcome: the limit lies in the 95 % interval."""
    champion = evaluation.champion
    if gate.value is None:
        return False
    if gate.name == "champion" and champion and champion.comparison and champion.measurements:
        if champion.same_model:
            return False
        allowed = gate.limit - champion.measurements.accuracy
        return champion.comparison.low < allowed <= champion.comparison.high
    images = evaluation.others if gate.name == "others_decided" else evaluation.test_images
    low, high = wilson_interval(gate.value, images)
    return low < gate.limit <= high if gate.maximum is None else low <= gate.limit < high


def render(subject: Subject, pictures: Sequence[Picture]) -> str:
    """The page as HTML text."""
    evaluation = subject.evaluation
    correct = round(evaluation.accuracy * evaluation.test_images)
    shown = thresholds(evaluation)
    production = evaluation.champion.measurements if evaluation.champion else None
    return _template().render(
        evaluation=evaluation,
        model=subject.model,
        rebased_from=subject.rebased_from.rpartition("/")[2] if subject.rebased_from else None,
        manifest=subject.manifest,
        accuracy=estimate(correct, evaluation.test_images),
        accepted=shown[0].accepted,
        decided=round(evaluation.coverage * evaluation.test_images),
        thresholds=shown,
        champion=evaluation.champion,
        production=production,
        strangers=_strangers(evaluation),
        unmeasured=[gate.name for gate in evaluation.gates if gate.passed is None],
        strengths=list(STRENGTHS.values()),
        kinds=kinds(evaluation, subject.model.target_precision),
        rows=rows(evaluation),
        close=[gate.name for gate in evaluation.gates if chance_to_fail(gate, evaluation)],
        mistakes=worst_mistakes(subject),
        mistaken=evaluation.test_images - correct,
        pictures=[(picture, data_uri(picture.png)) for picture in pictures],
    )


def _strangers(evaluation: Evaluation) -> Estimate | None:
    """The share of photos of other things that are decided, or None if there were none."""
    if evaluation.others_decided is None:
        return None
    return estimate(round(evaluation.others_decided * evaluation.others), evaluation.others)


@cache
def _template() -> Template:
    environment = page_environment(Path(__file__).parent)
    environment.filters["points"] = points
    environment.filters["gate"] = GATES.__getitem__
    environment.filters["words"] = lambda name: name.replace("_", " ")
    return environment.get_template("decision.html")


def _png(image: Images) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, format="PNG")
    return buffer.getvalue()
