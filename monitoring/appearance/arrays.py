"""Types of arrays of numbers about photos, and the means that several files need."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Columns = dict[str, Floats]  # one value an image


def per_image(values: NDArray[Any]) -> Floats:
    """The mean of each image's values; the first axis counts the images."""
    found: Floats = values.reshape(len(values), -1).mean(axis=1, dtype=np.float32)
    return found


def mirrored_mean(values: Floats) -> Floats:
    """Means of each column and its mirror image, from the edge to the middle; `values` is (images, columns)."""
    half = values.shape[1] // 2
    found: Floats = (values[:, :half] + values[:, ::-1][:, :half]) / 2
    return found
