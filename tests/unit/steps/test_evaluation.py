"""What an evaluation says, and the page that an approver reads."""

import json
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from steps.arrays import Probabilities
from steps.classifier import ModelInfo
from steps.dataset import Dataset, Manifest
from steps.evaluation import Evaluation, Minimums, evaluate
from steps.figures import draw_figures
from steps.report import Subject, render

PROBABILITIES = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.05, 0.95], [0.6, 0.4], [0.3, 0.7]])
LABELS = np.array([0, 1, 0, 1, 0, 1])
EASY, HARD = Minimums(0.5, 0.5), Minimums(0.95, 0.5)


def assess(info: ModelInfo, minimums: Minimums = EASY, probabilities: Probabilities = PROBABILITIES) -> Evaluation:
    """An evaluation of six photos, of which the third is mistaken with confidence."""
    return evaluate(LABELS, probabilities, info, minimums)


def test_contract(model_info: ModelInfo) -> None:
    document = json.loads(json.dumps(assess(model_info).to_json(), allow_nan=False))
    assert document["accuracy"] == pytest.approx(5 / 6)
    assert document["coverage"] == pytest.approx(4 / 6)
    assert document["accuracy_of_accepted"] == pytest.approx(3 / 4)
    assert document["confusion_matrix"] == {
        "bicycle": {"bicycle": 2, "motorcycle": 1}, "motorcycle": {"bicycle": 0, "motorcycle": 3},
    }  # fmt: skip
    assert document["per_class"]["motorcycle"] == {
        "precision": 0.75, "recall": 1.0, "f1": pytest.approx(6 / 7), "support": 3,
    }  # fmt: skip
    assert set(document) == {
        "accuracy", "coverage", "accuracy_of_accepted", "threshold", "roc_auc", "expected_calibration_error",
        "log_loss", "test_images", "classes", "per_class", "confusion_matrix", "risk_coverage", "synthetic",
        "data_digest", "model_version", "gates",
    }  # fmt: skip


def test_gates(model_info: ModelInfo) -> None:
    assert assess(model_info).passed
    failed = assess(model_info, HARD)
    assert not failed.passed
    assert [(gate.name, gate.minimum, gate.passed) for gate in failed.gates] == [
        ("accuracy", 0.95, False), ("coverage", 0.5, True),
    ]  # fmt: skip
    assert assess(model_info, Minimums(5 / 6, 4 / 6)).passed  # reaching a minimum is enough


def page(info: ModelInfo, manifest: Manifest, dataset: Dataset, minimums: Minimums = EASY) -> str:
    """The page on an evaluation."""
    evaluation = assess(info, minimums)
    pictures = draw_figures(evaluation, LABELS, PROBABILITIES)
    return render(Subject(evaluation, info, manifest, dataset, PROBABILITIES), pictures)


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
    assert "margin in accuracy and coverage is within chance" in good
    bad = page(model_info, manifest, dataset, HARD).partition("<h2>")[0]
    assert "Not good enough" in bad
    assert "Accuracy is 83.3\N{NO-BREAK SPACE}%, below the minimum of\n95.0" in bad


def test_generated_data_is_said_plainly(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    assert "Generated data" not in page(model_info, manifest, dataset)
    generated = page(replace(model_info, synthetic=True), replace(manifest, synthetic=True), dataset)
    assert "Generated data" in generated.partition("<h1")[0]


def test_mistakes_are_shown(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    text = page(model_info, manifest, dataset)
    assert 'alt="Test photo 2.png: a bicycle taken for a motorcycle"' in text
    gallery = text.partition("Worst mistakes")[2].partition("</ul>")[0]
    assert "80.0\N{NO-BREAK SPACE}%" in gallery
    assert gallery.count('<span class="tag bad">decided</span>') == 2  # in the explanation, and on the photo


def test_names_of_photos_are_escaped(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    names = dataset.names.astype("U40")
    names[2] = '"><script>alert(1)</script>'
    assert "<script>" not in page(model_info, manifest, replace(dataset, names=names))


def test_nothing_reaches_the_threshold(model_info: ModelInfo, manifest: Manifest, dataset: Dataset) -> None:
    text = page(replace(model_info, threshold=1.0), manifest, dataset)
    assert "no photo reaches the confidence threshold" in text


def test_figures_are_png(model_info: ModelInfo) -> None:
    pictures = draw_figures(assess(model_info), LABELS, PROBABILITIES)
    assert [picture.name for picture in pictures] == ["confusion_matrix", "risk_coverage", "reliability", "roc"]
    for picture in pictures:
        assert picture.png.startswith(b"\x89PNG")
        assert len(picture.description) > 40
