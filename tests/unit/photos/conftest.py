"""Pictures that the tests make files of."""

import numpy as np
import pytest
from unit.photos.pictures import Images


@pytest.fixture
def images() -> Images:
    """Six pictures of 32×32 random pixels."""
    return np.random.default_rng(0).integers(0, 256, (6, 32, 32, 3), dtype=np.uint8)
