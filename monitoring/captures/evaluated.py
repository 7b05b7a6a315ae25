"""What the model answered to the test images, from the file that EvaluateModel writes."""

from pathlib import Path

import pandas as pd

from monitoring.captures.payloads import Answer
from monitoring.captures.record import parse
from monitoring.errors import InvalidAnswersError, UnusableLineError

COLUMNS = ("confidence", "other", "decision")


def read_answers(folder: Path) -> pd.DataFrame:
    """One row for each test image, without `other` where the model cannot tell.

    Reads `answers.json`, which has the shape of an answer of the endpoint. Raises InvalidAnswersError.
    """
    path = folder / "answers.json"
    try:
        rows = [prediction.columns for prediction in parse(Answer, path.read_bytes()).rows]
    except (OSError, UnusableLineError) as error:
        raise InvalidAnswersError(f"'{path}' is not EvaluateModel's output: {error}") from error
    return pd.DataFrame(rows, columns=list(COLUMNS)).dropna(axis="columns", how="all")
