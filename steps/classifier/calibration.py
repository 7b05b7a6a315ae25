"""Temperature scaling: one number that makes probabilities mean what they say (Guo et al., 2017)."""

import numpy as np

from steps.arrays import Labels, Logits

SMALLEST, LARGEST = 0.05, 20.0  # beyond these a few hundred images say nothing about the temperature
STEPS = 60  # each shrinks the interval by the golden ratio: to a relative 1e-12
GOLDEN = (np.sqrt(5) - 1) / 2


def fit_temperature(logits: Logits, labels: Labels) -> float:
    """The temperature, between 0.05 and 20, with the least negative log-likelihood: golden-section search on its log.

    The loss has a single valley in 1 / temperature, so the search finds its floor.
    """
    low, high = np.log(SMALLEST), np.log(LARGEST)
    for _ in range(STEPS):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        if _loss(logits / np.exp(left), labels) <= _loss(logits / np.exp(right), labels):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def _loss(logits: Logits, labels: Labels) -> float:
    """Mean negative log-likelihood, with targets softened as if one more image had been mistaken (Platt, 1999).

    Without that, validation images without a single mistake would ask for boundless confidence.
    """
    images, classes = logits.shape
    doubt = 1 / (images + 2)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    actual = log_probabilities[np.arange(images), labels]
    others = (log_probabilities.sum(axis=1) - actual) / (classes - 1)
    return float(-((1 - doubt) * actual + doubt * others).mean())
