"""What the model answered to the test images, from the file that EvaluateModel writes."""

from pathlib import Path

import pandas as pd

from monitoring.captures.payloads import Answer
from monitoring.captures.record import parse
from monitoring.errors import InvalidAnswersError, UnusableLineError

COLUMNS = ("confidence", "other", "decision", "right", "calibration_gap")


class Evaluated(Answer):
    """The answers, and which of them name the right class; older versions of EvaluateModel did not say."""

    right: tuple[bool, ...] | None = None


def read_answers(folder: Path) -> pd.DataFrame:
    """One row for each test image, without `other` where the model cannot tell.

    `right` is 1 or 0, and `calibration_gap` is that less the probability of what was answered. Reads `answers.json`,
    which has the shape of an answer of the endpoint. Raises InvalidAnswersError.
    """
    path = folder / "answers.json"
    try:
        evaluated = parse(Evaluated, path.read_bytes())
        rows = [prediction.columns for prediction in evaluated.rows]
    except (OSError, UnusableLineError) as error:
        raise InvalidAnswersError(f"'{path}' is not EvaluateModel's output: {error}") from error
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    if evaluated.right is not None:
        if len(evaluated.right) != len(table):
            raise InvalidAnswersError(f"'{path}' has {len(table)} answers, and {len(evaluated.right)} in 'right'")
        table["right"], table["calibration_gap"] = _judged(table, pd.Series(evaluated.right))
    return table.dropna(axis="columns", how="all")


def _judged(table: pd.DataFrame, named: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Whether each answer was right, and by how much that is more than its probability.

    All test images show a class, so that it is wrong to find none of them.
    """
    unknown = table["decision"] == "not_a_known_vehicle"
    right = (named & ~unknown).astype(float)
    return right, right - table["confidence"].where(~unknown, table["other"])
