"""What an evaluation says, and the page that an approver reads."""

import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from steps.arrays import Probabilities
from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Latency, Scored
from steps.dataset.files import Dataset, Manifest
from steps.decision_page.figures import draw_figures
from steps.decision_page.page import Subject, render
from steps.evaluation.champion import Champion, assess
from steps.evaluation.evaluation import Archive, Evaluation, evaluate
from steps.evaluation.gates import Limits
from steps.evaluation.robustness import WAYS, Exam
from steps.evaluation.verdict import headline, points

PROBABILITIES = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.05, 0.95], [0.6, 0.4], [0.3, 0.7]])
LABELS = np.array([0, 1, 0, 1, 0, 1])
EASY, HARD = Limits(0.5, 0.5, 0.02, 0.5, 0.3), Limits(0.95, 0.5, 0.02, 0.5, 0.3)
OTHERS = np.array([[0.2, 0.1], [0.1, 0.1], [0.3, 0.3], [0.8, 0.1]])  # answers to photos of other things
LATENCY = Latency(2.0, 3.0, 100)
ARCHIVE = Archive(500_000, LATENCY)
GOLDEN = Path(__file__).parents[3] / "golden" / "evaluation-keys.json"


def scored(probabilities: Probabilities, sha256: str, classes: tuple[str, ...] = ("bicycle", "motorcycle")) -> Scored:
    """What a model answers to the six photos."""
    further = np.concatenate([np.tile(probabilities, (len(WAYS), 1)), OTHERS])
    return Scored(f"job-{sha256}", classes, 0.7, probabilities, sha256, 500_000, LATENCY, further)


EXAM = Exam(LABELS, np.empty(0, np.uint8))
CHALLENGER = scored(PROBABILITIES, "new")
PERFECT = scored(np.eye(2)[LABELS], "perfect")
POOR = scored(1 - np.eye(2)[LABELS], "poor")


def judge(info: ModelInfo, limits: Limits = EASY, champion: Scored | None = None) -> Evaluation:
    """An evaluation of six photos, of which the third is mistaken with confidence."""
    beyond = EXAM.measure(CHALLENGER.further, info.threshold)
    return evaluate(LABELS, PROBABILITIES, info, ARCHIVE, rival(champion), limits, beyond)


def rival(champion: Scored | None) -> Champion | None:
    return assess(LABELS, CHALLENGER, champion, EXAM) if champion else None


def test_contract(model_info: ModelInfo) -> None:
    document = json.loads(json.dumps(judge(model_info).to_json(), allow_nan=False))
    assert document["accuracy"] == pytest.approx(5 / 6)
    assert document["coverage"] == pytest.approx(4 / 6)
    assert document["accuracy_of_accepted"] == pytest.approx(3 / 4)
    assert document["confusion_matrix"] == {
        "bicycle": {"bicycle": 2, "motorcycle": 1}, "motorcycle": {"bicycle": 0, "motorcycle": 3},
    }  # fmt: skip
    assert document["per_class"]["motorcycle"] == {
        "precision": 0.75, "recall": 1.0, "f1": pytest.approx(6 / 7), "support": 3,
    }  # fmt: skip


def test_the_keys_are_what_was_agreed(model_info: ModelInfo, golden: Callable[[Path, str], None]) -> None:
    document = json.loads(json.dumps(judge(model_info, champion=PERFECT).to_json()))
    golden(GOLDEN, json.dumps(shape(document), indent=2) + "\n")


def shape(value: Any) -> Any:
    """Keys and types; of a list what its first item looks like."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])]
    return type(value).__name__


def test_gates(model_info: ModelInfo) -> None:
    assert judge(model_info).passed
    failed = judge(model_info, HARD)
    assert not failed.passed
    assert [(gate.name, gate.minimum, gate.passed) for gate in failed.gates] == [
        ("accuracy", 0.95, False), ("coverage", 0.5, True),
        ("robust_accuracy", 0.5, True), ("others_decided", None, True),
    ]  # fmt: skip
    assert judge(model_info, Limits(5 / 6, 4 / 6, 0.0, 5 / 6, 0.25)).passed  # reaching a limit is enough


def test_the_champion_sets_a_floor(model_info: ModelInfo) -> None:
    found = judge(model_info, champion=PERFECT)
    assert found.champion_floor == pytest.approx(0.98)
    assert found.champion_margin == pytest.approx(5 / 6 - 0.98)
    gate = found.gates[-1]
    assert (gate.name, gate.value, gate.minimum, gate.passed) == ("champion", found.accuracy, 0.98, False)
    assert not found.passed
    assert "accuracy against the model in production 0.8333 (at least 0.9800)" in found.verdict
    assert judge(model_info, Limits(0.5, 0.5, 1 / 6, 0.5, 0.3), PERFECT).passed  # exactly as far behind as is allowed
    assert judge(model_info, champion=POOR).champion_floor == 0.0


def test_without_a_champion_there_is_no_floor(model_info: ModelInfo) -> None:
    found = judge(model_info)
    assert (found.champion, found.champion_floor, len(found.gates)) == (None, 0.0, 4)
    assert found.champion_margin == found.accuracy
    assert found.verdict == (
        "accuracy 0.8333 (at least 0.5000), coverage 0.6667 (at least 0.5000), "
        "accuracy on changed photos 0.8333 (at least 0.5000), other things decided 0.2500 (at most 0.3000), "
        "no model in production to compare with"
    )
    assert "nothing in production" in found.headline
    assert found.explanation.endswith("so there is no model in production to compare with.")


def test_the_explanation_is_about_the_champion(model_info: ModelInfo) -> None:
    assert "it is right 5 times and production 6 times" in judge(model_info, champion=PERFECT).explanation
    assert "it is right 5 times and production 0 times" in judge(model_info, champion=POOR).explanation


def test_headlines(model_info: ModelInfo) -> None:
    assert judge(model_info, HARD).headline.startswith("Not good enough")
    assert judge(model_info, champion=POOR).headline == "Better than the one in production, by 83.3 points"
    loose = Limits(0.5, 0.5, 0.5, 0.5, 0.3)
    assert judge(model_info, loose, PERFECT).headline == "No proven difference from the one in production"
    assert judge(model_info, champion=CHALLENGER).headline == "The same model as the one in production"
    other = scored(PROBABILITIES, "other", ("bicycle", "bus"))
    assert "not comparable" in judge(model_info, champion=other).headline


@pytest.mark.parametrize(("share", "text"), [(0.015, "+1.5"), (-0.015, "−1.5"), (-0.0001, "+0.0"), (0.0, "+0.0")])
def test_points(share: float, text: str) -> None:
    assert points(share) == text


def test_a_model_that_is_worse_within_what_is_allowed_is_called_worse(model_info: ModelInfo) -> None:
    champion = judge(model_info, champion=PERFECT).champion
    assert champion is not None
    assert champion.comparison is not None
    surely = replace(champion, comparison=replace(champion.comparison, difference=-0.015, low=-0.02, high=-0.01))
    assert headline(surely, passed=True) == "Worse than the one in production, by 1.5 points; the gate allows it"


def test_a_champion_of_other_classes_is_told_and_stops_nothing(model_info: ModelInfo) -> None:
    other = scored(PROBABILITIES, "other", ("bicycle", "bus"))
    found = judge(model_info, champion=other)
    assert found.passed
    assert found.champion is not None
    assert found.champion.measurements is None
    assert found.champion.incomparable == (
        "it tells bicycle, bus apart, and the test photos are of bicycle, motorcycle"
    )
    assert found.champion.incomparable in found.verdict


def test_a_champion_may_have_its_classes_in_another_order(model_info: ModelInfo) -> None:
    turned = scored(PERFECT.probabilities[:, ::-1], "turned", ("motorcycle", "bicycle"))
    champion = judge(model_info, champion=turned).champion
    assert champion is not None
    assert champion.measurements is not None
    assert champion.measurements.accuracy == 1.0


def page(
    info: ModelInfo, manifest: Manifest, dataset: Dataset, limits: Limits = EASY, champion: Scored | None = None
) -> str:
    """The page on an evaluation."""
    evaluation = judge(info, limits, champion)
    pictures = draw_figures(evaluation, LABELS, PROBABILITIES)
    return render(Subject(evaluation, info, manifest, dataset, PROBABILITIES, champion), pictures)


def test_the_page_shows_what_only_production_gets_right(
    model_info: ModelInfo, manifest: Manifest, dataset: Dataset
) -> None:
    text = page(model_info, manifest, dataset, champion=PERFECT)
    gallery = text.partition("Worst mistakes")[2].partition("</ul>")[0]
    assert gallery.count('<span class="tag warn">new</span>') == 2  # in the explanation, and on the photo
    assert "job-perfect" in text
    assert "new</span>" not in page(model_info, manifest, dataset, champion=POOR).partition("<ul")[2]


def test_the_page_says_why_there_is_no_comparison(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    assert "no model in production to compare with" in page(model_info, manifest, dataset)
    other = scored(PROBABILITIES, "other", ("bicycle", "bus"))
    assert "not comparable: it tells bicycle, bus apart" in page(model_info, manifest, dataset, champion=other)


class Tags(HTMLParser):
    """Collects elements and their attributes, and checks that they nest."""

    VOID = frozenset({"meta", "img", "br", "link", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_page_is_whole_and_needs_nothing_else(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    text = page(model_info, manifest, dataset)
    tags = Tags(text)
    assert tags.open == []
    images = [attributes for tag, attributes in tags.found if tag == "img"]
    assert len(images) == 5  # four figures and one mistake
    for image in images:
        assert str(image["src"]).startswith("data:image/png;base64,")
        assert image["alt"]
    assert "http" not in text
    assert not {"script", "link", "iframe"} & {tag for tag, _ in tags.found}


def test_verdict_comes_first(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    good = page(model_info, manifest, dataset)
    assert "Good enough to register" in good.partition("<h2>")[0]
    assert "margin in accuracy, coverage, accuracy on changed photos and other things decided is within chance" in good
    bad = page(model_info, manifest, dataset, HARD).partition("<h2>")[0]
    assert "Not good enough" in bad
    assert "Accuracy: 83.3\N{NARROW NO-BREAK SPACE}%, below the minimum of\n95.0" in bad


def test_generated_data_is_said_plainly(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    assert "Generated data" not in page(model_info, manifest, dataset)
    generated = page(replace(model_info, synthetic=True), replace(manifest, synthetic=True), dataset)
    assert "Generated data" in generated.partition("<h1")[0]


def test_mistakes_are_shown(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    text = page(model_info, manifest, dataset)
    assert 'alt="Test photo 2.png: a bicycle taken for a motorcycle"' in text
    gallery = text.partition("Worst mistakes")[2].partition("</ul>")[0]
    assert "80.0\N{NARROW NO-BREAK SPACE}%" in gallery
    assert gallery.count('<span class="tag bad">decided</span>') == 2  # in the explanation, and on the photo


def test_names_of_photos_are_escaped(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    names = dataset.names.astype("U40")
    names[2] = '"><script>alert(1)</script>'
    assert "<script>" not in page(model_info, manifest, replace(dataset, names=names))


def test_nothing_reaches_the_threshold(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    text = page(replace(model_info, threshold=1.0), manifest, dataset)
    assert "no photo reaches the confidence threshold" in text


def test_figures_are_png(model_info: ModelInfo) -> None:
    pictures = draw_figures(judge(model_info), LABELS, PROBABILITIES)
    assert [picture.name for picture in pictures] == ["confusion_matrix", "risk_coverage", "reliability", "roc"]
    for picture in pictures:
        assert picture.png.startswith(b"\x89PNG")
        assert len(picture.description) > 40
