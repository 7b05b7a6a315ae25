"""Columns of photos as DescribeData has them, and the baseline that it writes of them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from monitoring.drift.baseline import suggest_baseline
from monitoring.drift.comparison import Drift

CLASSES = ("bicycle", "motorcycle")
ROWS = 400
NO_ANSWERS = pd.DataFrame()


def sample(rng: np.random.Generator, rows: int, brightness: float = 0.5, bicycles: float = 0.5) -> pd.DataFrame:
    """Columns as DescribeData has them."""
    columns = {
        "brightness": rng.normal(brightness, 0.1, rows).clip(0, 1),
        "contrast": rng.uniform(0.1, 0.3, rows),
        "saturation": rng.uniform(0, 1, rows),
        "sharpness": rng.uniform(0, 0.2, rows),
    }
    return pd.DataFrame({**columns, "predicted": np.where(rng.random(rows) < bicycles, *CLASSES)})


def write_baseline(folder: Path, columns: pd.DataFrame) -> Path:
    """The files that DescribeData writes."""
    folder.mkdir(parents=True, exist_ok=True)
    suggested = suggest_baseline(columns, NO_ANSWERS)
    (folder / "statistics.json").write_text(json.dumps(suggested.statistics.to_json()))
    (folder / "constraints.json").write_text(json.dumps(suggested.constraints.to_json()))
    return folder


def checks(found: Drift) -> set[tuple[str, str]]:
    """The violated constraints: of which feature, and of which kind."""
    return {(violation.feature_name, violation.constraint_check_type) for violation in found.violations}
