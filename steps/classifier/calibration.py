"""Temperature scaling: divides logits by one number so that probabilities are calibrated (Guo et al., 2017)."""

import numpy as np
from numpy.typing import NDArray

from steps.arrays import Labels, Logits

SMALLEST, LARGEST = 0.05, 20.0  # a few hundred images cannot support more extreme temperatures
STEPS = 60  # each shrinks the interval by the golden ratio, in total to about 1e-12 of its width
GOLDEN = (np.sqrt(5) - 1) / 2


def fit_temperature(logits: Logits, labels: Labels, shares: NDArray[np.float64]) -> float:
    """The temperature, between 0.05 and 20, that minimises the negative log-likelihood.

    Each prediction counts by its share (N,): those for copies of a photo have 1 together.
    The loss is convex in 1 / temperature, so a golden-section search on the logarithm finds the minimum.
    """
    low, high = np.log(SMALLEST), np.log(LARGEST)
    for _ in range(STEPS):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        if _loss(logits / np.exp(left), labels, shares) <= _loss(logits / np.exp(right), labels, shares):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def _loss(logits: Logits, labels: Labels, shares: NDArray[np.float64]) -> float:
    """Mean negative log-likelihood, with softened targets (Platt, 1999).

    Without softening, images that are all classified correctly would push the confidence towards 1 without limit.
    """
    images = float(shares.sum())
    doubt = 1 / (images + 2)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    actual = log_probabilities[np.arange(len(labels)), labels]
    others = (log_probabilities.sum(axis=1) - actual) / (logits.shape[1] - 1)
    return float(-(shares * ((1 - doubt) * actual + doubt * others)).sum() / images)
