"""What the model answered to the test images, from the file that EvaluateModel writes."""

from pathlib import Path

import numpy as np
import pandas as pd

from monitoring.captures.payloads import TURNED, Answer
from monitoring.captures.record import parse
from monitoring.errors import InvalidAnswersError, UnusableLineError

COLUMNS = ("confidence", "other", "upright", "decision", "right", "calibration_gap", "seen_if_turned")


class Evaluated(Answer):
    """The answers, and which of them name the right class; older versions of EvaluateModel did not say.

    `turned` has how probable the model would find it that an image is upright if it were turned, in each way.
    """

    right: tuple[bool, ...] | None = None
    turned: tuple[tuple[float, float, float], ...] | None = None


def read_answers(folder: Path) -> pd.DataFrame:
    """One row for each test image, without `other` and `upright` where the model does not say them.

    `right` is 1 or 0, and `calibration_gap` is that less the probability of what was answered. `seen_if_turned` is the
    share of the ways to turn an image in which the model would see it turned. Reads `answers.json`, which has the shape
    of an answer of the endpoint. Raises InvalidAnswersError.
    """
    path = folder / "answers.json"
    try:
        evaluated = parse(Evaluated, path.read_bytes())
        rows = [prediction.columns for prediction in evaluated.rows]
    except (OSError, UnusableLineError) as error:
        raise InvalidAnswersError(f"'{path}' is not EvaluateModel's output: {error}") from error
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    if evaluated.right is not None:
        _check(path, len(table), len(evaluated.right), "right")
        table["right"], table["calibration_gap"] = _judged(table, pd.Series(evaluated.right))
    if evaluated.turned is not None:
        _check(path, len(table), len(evaluated.turned), "turned")
        table["seen_if_turned"] = (np.array(evaluated.turned).reshape(-1, 3) < TURNED).mean(axis=1)
    return table.dropna(axis="columns", how="all")


def _check(path: Path, answers: int, rows: int, key: str) -> None:
    """Raises InvalidAnswersError unless a key says something of each image."""
    if rows != answers:
        raise InvalidAnswersError(f"'{path}' has {answers} answers, and {rows} in '{key}'")


def _judged(table: pd.DataFrame, named: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Whether each answer was right, and by how much that is more than its probability.

    All test images show a class, so that it is wrong to find none of them.
    """
    unknown = table["decision"] == "not_a_known_vehicle"
    right = (named & ~unknown).astype(float)
    return right, right - table["confidence"].where(~unknown, table["other"])
