"""What the page says of changed photos and of other things; `tests/browser` looks at it."""

import re

import numpy as np
import pytest
from unit.steps.decision_page.evaluations import LATENCY, PROBABILITIES, beyond, judge

from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Scored
from steps.dataset.files import Dataset, Manifest
from steps.decision_page.page import Subject, chance_to_fail, render
from steps.evaluation.evaluation import Evaluation
from steps.evaluation.robustness import Beyond

SPACE = "\N{NARROW NO-BREAK SPACE}"


def page(info: ModelInfo, manifest: Manifest, dataset: Dataset, evaluation: Evaluation) -> str:
    """The page's text, with plain blanks."""
    classes, further = ("bicycle", "motorcycle"), np.zeros((0, 2))
    production = Scored("job-old", classes, 0.7, PROBABILITIES, "old", 1, LATENCY, further)
    shown = production if evaluation.champion else None
    text = render(Subject(evaluation, info, manifest, dataset, PROBABILITIES, shown), [])
    return re.sub(r"\s+", " ", text.replace(SPACE, " "))


def changes(text: str) -> str:
    """The table of changed photos."""
    return text.partition('aria-label="Changed photos"')[2].partition("</table>")[0]


def test_both_models_stand_side_by_side_on_the_same_changed_photos(
    model_info: ModelInfo, manifest: Manifest, dataset: Dataset
) -> None:
    text = page(model_info, manifest, dataset, judge(model_info, beyond(0.85, 0.03), beyond(0.6, 0.21)))
    for shown in ("few photons</th>", "blur</th>"):
        assert changes(text).count(shown) == 1
    assert changes(text).count("<td>84.0 %</td>") == 2  # mild, of each kind
    assert changes(text).count("<td>59.0 %</td>") == 2
    assert "3 of 100 photos of other classes are sent to a loading bay" in text
    assert "Of 1,000 photos of other things it would send 30 to a loading bay, the model in production 210" in text


@pytest.mark.parametrize("same_model", [True, False])
def test_every_kind_is_shown_when_there_is_nothing_to_compare_with(
    model_info: ModelInfo, manifest: Manifest, dataset: Dataset, same_model: bool
) -> None:
    there = beyond(0.85) if same_model else None
    table = changes(page(model_info, manifest, dataset, judge(model_info, beyond(0.85), there, same_model=True)))
    assert table.count("<td>84.0 %</td>") == 2
    assert "in production" not in table


def test_what_falls_short_of_the_promise_is_marked(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    table = changes(page(model_info, manifest, dataset, judge(model_info, beyond(0.9, 0.03))))
    assert table.count('<strong class="below">90.0 %</strong>') == 4  # mild and middle of both kinds, not strong


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


@pytest.mark.parametrize("origin", [None, "arn:aws:sagemaker:eu-west-1:123456789012:model-package/vehicles/7"])
def test_a_version_that_was_rebased_says_that_nothing_was_trained(
    model_info: ModelInfo, manifest: Manifest, dataset: Dataset, origin: str | None
) -> None:
    evaluation = judge(model_info, beyond(0.85))
    text = render(Subject(evaluation, model_info, manifest, dataset, PROBABILITIES, None, origin), [])
    assert ("Nothing was trained: this is the archive of version 7," in text) is bool(origin)
