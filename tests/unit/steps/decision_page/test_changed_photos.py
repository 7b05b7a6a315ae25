"""The table of changed photos: kinds by strengths, and what falls short of the promise."""

from unit.steps.decision_page.evaluations import beyond, judge

from steps.classifier.model_info import ModelInfo
from steps.decision_page.changed_photos import Cells, kinds

PERCENT = "\N{NARROW NO-BREAK SPACE}%"


def test_each_kind_has_its_strengths_from_mild_to_strong(model_info: ModelInfo) -> None:
    found = kinds(judge(model_info, beyond(0.9)), 0.98)
    assert [kind.name for kind in found] == ["few photons", "blur"]
    for kind in found:
        accuracies = [cells.accuracy for cells in kind.models["this model"]]
        assert accuracies == [f"89.0{PERCENT}", f"88.0{PERCENT}", f"87.0{PERCENT}"]


def test_only_what_was_promised_can_fall_short(model_info: ModelInfo) -> None:
    evaluation = judge(model_info, beyond(0.9, right_of_decided=0.97))
    assert [cells.below for cells in kinds(evaluation, 0.98)[0].models["this model"]] == [True, True, False]
    assert not any(cells.below for cells in kinds(evaluation, 0.97)[0].models["this model"])


def test_where_nothing_is_decided_nothing_falls_short(model_info: ModelInfo) -> None:
    evaluation = judge(model_info, beyond(0.9, right_of_decided=None))
    cells = kinds(evaluation, 0.98)[0].models["this model"][0]
    assert cells == Cells(f"89.0{PERCENT}", f"50.0{PERCENT}", "–", below=False)


def test_production_has_rows_of_its_own_unless_it_is_the_same_model(model_info: ModelInfo) -> None:
    rival = judge(model_info, beyond(0.9), beyond(0.5))
    for kind in kinds(rival, 0.98):
        assert {name: row[0].accuracy for name, row in kind.models.items()} == {
            "this model": f"89.0{PERCENT}",
            "in production": f"49.0{PERCENT}",
        }
    same = judge(model_info, beyond(0.9), beyond(0.9), same_model=True)
    assert [list(kind.models) for kind in kinds(same, 0.98)] == [["this model"]] * 2
