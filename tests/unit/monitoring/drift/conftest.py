"""A baseline of made-up columns."""

from pathlib import Path

import numpy as np
import pytest
from unit.monitoring.drift.columns import ROWS, sample, write_baseline

from monitoring.drift.baseline import Baseline, read_baseline


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


@pytest.fixture
def baseline(tmp_path: Path, rng: np.random.Generator) -> Baseline:
    found = read_baseline(write_baseline(tmp_path / "baseline", sample(rng, ROWS)))
    assert found is not None
    return found
