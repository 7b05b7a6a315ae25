"""The drift baseline: statistics and constraints of the training images, as stored with a model package."""

from pathlib import Path
from typing import TypeVar

import pandas as pd
from pydantic import ValidationError

from monitoring.errors import InvalidBaselineError
from monitoring.statistics.model_monitor import (
    Constraints,
    FeatureConstraints,
    NumericalConstraints,
    Part,
    Statistics,
    StringConstraints,
)
from monitoring.statistics.statistics import counts, describe, is_number

STATISTICS, CONSTRAINTS = "statistics.json", "constraints.json"


class Baseline(Part):
    """The contents of `statistics.json` and `constraints.json`."""

    statistics: Statistics
    constraints: Constraints


Content = TypeVar("Content", bound=Part)


def suggest_baseline(images: pd.DataFrame, answers: pd.DataFrame | None = None) -> Baseline:
    """Makes a baseline from training images, and from the model's answers to the test images, if it has any.

    It has the statistics of both, and constraints that all training images satisfy. Answers have none: older versions
    may answer as well, and do not give all of their columns.
    """
    constraints = Constraints(features=tuple(_constraint(str(name), images[name]) for name in images))
    statistics = describe(images)
    features = (*statistics.features, *(describe(answers).features if answers is not None else ()))
    return Baseline(statistics=statistics.model_copy(update={"features": features}), constraints=constraints)


def _constraint(name: str, column: pd.Series) -> FeatureConstraints:
    completeness = float(column.notna().mean())
    if is_number(column):
        number = NumericalConstraints(is_non_negative=bool((column.dropna() >= 0).all()))
        return FeatureConstraints(
            name=name, completeness=completeness, inferred_type="Fractional", num_constraints=number
        )
    text = StringConstraints(domains=tuple(counts(column)))
    return FeatureConstraints(name=name, completeness=completeness, inferred_type="String", string_constraints=text)


def read_baseline(folder: Path) -> Baseline | None:
    """Reads the baseline in a folder; None if it has neither file. Raises InvalidBaselineError."""
    if not (folder / STATISTICS).exists() and not (folder / CONSTRAINTS).exists():
        return None
    return Baseline(
        statistics=_read(folder / STATISTICS, Statistics), constraints=_read(folder / CONSTRAINTS, Constraints)
    )


def _read(path: Path, content: type[Content]) -> Content:
    try:
        return content.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InvalidBaselineError(f"cannot read '{path}': {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise InvalidBaselineError(f"'{path}' does not have Model Monitor's shape: {where}: {first['msg']}") from error
