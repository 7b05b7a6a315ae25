"""The page that an approver reads: whole, the verdict first, and the mistakes that a model makes."""

from dataclasses import replace
from html.parser import HTMLParser

from unit.steps.evaluation.six_photos import EASY, HARD, LABELS, PERFECT, POOR, PROBABILITIES, judge, scored

from steps.classifier.model_info import ModelInfo
from steps.classifier.scoring import Scored
from steps.dataset.files import Dataset, Manifest
from steps.decision_page.figures import draw_figures
from steps.decision_page.page import Subject, render
from steps.evaluation.gates import Limits


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
