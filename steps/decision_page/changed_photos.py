"""Rows of the table of changed photos: kinds of change by strength, for both models."""

from collections.abc import Iterable
from dataclasses import dataclass

from jobs.pages import percent
from steps.evaluation.evaluation import Evaluation
from steps.evaluation.robustness import Robustness
from steps.evaluation.wording import NOTHING

STRENGTHS = {1: "mild", 2: "middle", 3: "strong"}
PROMISED = (1, 2)  # the strengths at which the threshold is meant to reach the target precision


@dataclass(frozen=True)
class Cells:
    """Three cells of one kind and strength; `below` marks decisions that are right less often than was promised."""

    accuracy: str
    decided: str
    right_of_decided: str
    below: bool


@dataclass(frozen=True)
class Kind:
    """The rows of one kind of change, by the name of the model; in each row the strengths from mild to strong."""

    name: str
    models: dict[str, list[Cells]]


def kinds(evaluation: Evaluation, target: float) -> list[Kind]:
    """One entry for each kind of change, in the order of the measurements.

    The model in production has rows if it can be compared and is not the same model.
    """
    models = {"this model": evaluation.robustness}
    champion = evaluation.champion
    if champion and champion.measurements and not champion.same_model:
        models["in production"] = champion.measurements.robustness
    names = dict.fromkeys(each.kind for each in evaluation.robustness)
    return [
        Kind(
            name.replace("_", " "),
            {model: _row(found, name, target) for model, found in models.items()},
        )
        for name in names
    ]


def _row(found: Iterable[Robustness], kind: str, target: float) -> list[Cells]:
    of_kind = sorted((each for each in found if each.kind == kind), key=lambda each: each.strength)
    return [_cells(each, target) for each in of_kind]


def _cells(found: Robustness, target: float) -> Cells:
    right = found.right_of_decided
    return Cells(
        accuracy=percent(found.accuracy),
        decided=percent(found.decided),
        right_of_decided=NOTHING if right is None else percent(right),
        below=right is not None and right < target and found.strength in PROMISED,
    )
