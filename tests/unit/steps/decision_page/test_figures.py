"""The figures of an evaluation."""

from unit.steps.evaluation.six_photos import LABELS, PROBABILITIES, judge

from steps.classifier.model_info import ModelInfo
from steps.decision_page.figures import draw_figures


def test_figures_are_png(model_info: ModelInfo) -> None:
    pictures = draw_figures(judge(model_info), LABELS, PROBABILITIES)
    assert [picture.name for picture in pictures] == ["confusion_matrix", "risk_coverage", "reliability", "roc"]
    for picture in pictures:
        assert picture.png.startswith(b"\x89PNG")
        assert len(picture.description) > 40
