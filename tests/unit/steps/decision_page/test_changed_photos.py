"""The table of changed photos: kinds by strengths, and what falls short of the promise."""

from dataclasses import replace
from typing import Any, cast

from steps.decision_page.changed_photos import Cells, kinds
from steps.evaluation.evaluation import Evaluation
from steps.evaluation.measurements import Measurements
from steps.evaluation.robustness import Beyond, Robustness

WAYS = [("noise", 3), ("noise", 1), ("few_photons", 2), ("noise", 2)]  # in any order
HERE = tuple(Robustness(kind, strength, 0.9, 0.5, 0.97) for kind, strength in WAYS)


def beyond(robustness: tuple[Robustness, ...]) -> Any:
    """All of an evaluation that the table reads."""
    return Beyond(robustness, 0.9, None, 0)


def test_strengths_come_from_mild_to_strong() -> None:
    rows = tuple(replace(each, accuracy=each.strength / 10) for each in HERE)
    noise, photons = kinds(cast(Evaluation, beyond(rows)), None, 0.98)
    assert (noise.name, photons.name) == ("noise", "few photons")
    assert [cells.accuracy[:4] for cells in noise.models["this model"]] == ["10.0", "20.0", "30.0"]
    assert len(photons.models["this model"]) == 1


def test_only_what_was_promised_can_fall_short() -> None:
    noise, _ = kinds(cast(Evaluation, beyond(HERE)), None, 0.98)
    assert [cells.below for cells in noise.models["this model"]] == [True, True, False]
    good, _ = kinds(cast(Evaluation, beyond(HERE)), None, 0.97)
    assert not any(cells.below for cells in good.models["this model"])


def test_where_nothing_is_decided_nothing_falls_short() -> None:
    (kind,) = kinds(cast(Evaluation, beyond((Robustness("blur", 1, 0.5, 0.0, None),))), None, 0.98)
    shares = ("50.0\N{NARROW NO-BREAK SPACE}%", "0.0\N{NARROW NO-BREAK SPACE}%", "–")
    assert kind.models == {"this model": [Cells(*shares, below=False)]}


def test_production_has_a_row_of_its_own() -> None:
    there = cast(Measurements, beyond(tuple(replace(each, accuracy=0.4) for each in HERE)))
    noise, _ = kinds(cast(Evaluation, beyond(HERE)), there, 0.98)
    assert {name: row[0].accuracy[:4] for name, row in noise.models.items()} == {
        "this model": "90.0",
        "in production": "40.0",
    }
