"""Types and shapes of the arrays that the steps exchange."""

import numpy as np
from numpy.typing import NDArray

IMAGE_SIZE = 32  # pixels a side, CIFAR's

Images = NDArray[np.uint8]  # (N, 32, 32, 3), RGB
Labels = NDArray[np.int64]  # (N,), index into the classes
Probabilities = NDArray[np.float64]  # (N, classes), rows add up to 1
Logits = NDArray[np.float64]  # (N, classes), unnormalised log-probabilities
