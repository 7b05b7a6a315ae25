"""What the page says of changed photos and of other things; `tests/browser` looks at it."""

import re

import numpy as np
import pytest

from steps.arrays import Probabilities
from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Latency, Scored
from steps.dataset.files import Dataset, Manifest
from steps.decision_page.page import Subject, chance_to_fail, render
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
SPACE = "\N{NARROW NO-BREAK SPACE}"


def beyond(accuracy: float, others_decided: float | None) -> Beyond:
    """Measurements of one kind of change, and of 100 photos of other things."""
    ways = tuple(Robustness("few_photons", strength, accuracy, 0.5, 0.9) for strength in (1, 2, 3))
    return Beyond(ways, accuracy, others_decided, 0 if others_decided is None else 100)


def champion(measured: Beyond) -> Champion:
    """A model in production that answers the test photos in the same way."""
    right = PROBABILITIES.argmax(axis=1) == LABELS
    measurements = measure(LABELS, PROBABILITIES, ("bicycle", "motorcycle"), 0.7, measured)
    return Champion("job-old", 1, LATENCY, False, "", measurements, compare(right, right))


def judge(info: ModelInfo, here: Beyond, there: Beyond | None = None, limits: Limits = LIMITS) -> Evaluation:
    rival = champion(there) if there else None
    return evaluate(LABELS, PROBABILITIES, info, Archive(500_000, LATENCY), rival, limits, here)


def page(info: ModelInfo, manifest: Manifest, dataset: Dataset, evaluation: Evaluation) -> str:
    production = scored(PROBABILITIES) if evaluation.champion else None
    text = render(Subject(evaluation, info, manifest, dataset, PROBABILITIES, production), [])
    return re.sub(r"\s+", " ", text.replace(SPACE, " "))


def scored(answers: Probabilities) -> Scored:
    return Scored("job-old", ("bicycle", "motorcycle"), 0.7, answers, "old", 1, LATENCY, np.zeros((0, 2)))


def test_both_models_stand_side_by_side_on_the_same_changed_photos(
    model_info: ModelInfo, manifest: Manifest, dataset: Dataset
) -> None:
    text = page(model_info, manifest, dataset, judge(model_info, beyond(0.85, 0.03), beyond(0.6, 0.21)))
    table = text.partition('aria-label="Changed photos"')[2].partition("</table>")[0]
    assert table.count("few photons") == 1
    assert table.count("<td>85.0 %</td>") == 3
    assert table.count("<td>60.0 %</td>") == 3
    assert "3 of 100 photos of other classes are sent to a loading bay" in text
    assert "Of 1,000 photos of other things it would send 30 to a loading bay, the model in production 210" in text


def test_what_falls_short_of_the_promise_is_marked(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    text = page(model_info, manifest, dataset, judge(model_info, beyond(0.9, 0.03)))
    table = text.partition('aria-label="Changed photos"')[2].partition("</table>")[0]
    assert table.count('<strong class="below">90.0 %</strong>') == 2  # mild and middle, not strong
    assert "in production" not in table


def test_what_the_threshold_promises_is_said_with_its_limits(
    model_info: ModelInfo, manifest: Manifest, dataset: Dataset
) -> None:
    text = page(model_info, manifest, dataset, judge(model_info, beyond(0.9, 0.03)))
    promise = text.partition("In the dark")[2].partition("<table")[0]
    assert "with 90 % confidence, at least 98 % of what is decided is right" in promise
    assert "does <strong>not</strong> cover strong changes" in promise


def test_what_was_not_measured_is_said_before_everything_else(
    model_info: ModelInfo, manifest: Manifest, dataset: Dataset
) -> None:
    evaluation = judge(model_info, beyond(0.9, None))
    text = page(model_info, manifest, dataset, evaluation)
    assert evaluation.passed
    assert evaluation.others_margin == 0.0
    assert "Not measured: other things decided" in text.partition("<h2>")[0]
    assert '<span class="tag warn">not measured</span>' in text
    assert "All gates are passed" not in text


@pytest.mark.parametrize(
    ("here", "said"),
    [
        (beyond(0.9, 0.3), "Other things decided: 30.0 %, above the maximum of 15.0 %."),
        (beyond(0.6, 0.1), "Accuracy on changed photos: 60.0 %, below the minimum of 70.0 %."),
    ],
)
def test_a_gate_that_fails_says_by_which_side(
    model_info: ModelInfo, manifest: Manifest, dataset: Dataset, here: Beyond, said: str
) -> None:
    evaluation = judge(model_info, here)
    assert not evaluation.passed
    assert said in page(model_info, manifest, dataset, evaluation)


@pytest.mark.parametrize(
    ("others_decided", "close"), [(0.02, False), (0.1, True), (0.15, True), (0.21, True), (0.5, False), (None, False)]
)
def test_a_maximum_may_be_close_from_either_side(
    model_info: ModelInfo, others_decided: float | None, close: bool
) -> None:
    evaluation = judge(model_info, beyond(0.9, others_decided))
    gate = next(each for each in evaluation.gates if each.name == "others_decided")
    assert chance_to_fail(gate, evaluation) is close
