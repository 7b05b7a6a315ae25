"""Chooses temperature and threshold by the answers of cross-validation's networks to photos that they never saw."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steps.arrays import Labels, Logits, Probabilities
from steps.classifier.binomial import binomial_cdf
from steps.classifier.calibration import fit_temperature
from steps.classifier.classifier import softmax
from steps.classifier.proof import Cases, PrecisionTarget, choose_threshold
from steps.classifier.selective import operating_point
from steps.robustness.copies import CLEAN, WAYS, Copies, shares

MOST_OTHERS_DECIDED = 0.05  # of photos of none of the classes, the share that may be taken for one of them
FEWEST_MISTAKES = 2  # a single mistake in a small group of photos says nothing about the group


@dataclass(frozen=True)
class DecisionRule:
    """Temperature and confidence threshold, and their metrics on the held-out images of cross-validation."""

    temperature: float
    threshold: float
    validation: dict[str, float]


@dataclass(frozen=True)
class Judged:
    """Logits (N, outcomes) of copies of photos, whose labels are below `classes` unless they show something else."""

    labels: Labels
    classes: int
    copies: Copies
    logits: Logits

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which copies (N,) are of photos of the classes."""
        return self.labels[self.copies.rows] < self.classes

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> "Judged":
        """Some of the copies."""
        return Judged(self.labels, self.classes, self.copies.take(chosen), self.logits[chosen])

    def decisions(self, temperature: float) -> tuple[Labels, Probabilities]:
        """The labels of the copies, and their probabilities (N, classes)."""
        return self.labels[self.copies.rows], softmax(self.logits / temperature)[:, : self.classes]


def choose_decision_rule(judged: Judged, target: PrecisionTarget, seed: int) -> DecisionRule:
    """Fit the temperature to a mixture of clean and changed photos, and choose the threshold.

    This is proven: with the probability `target.confidence` over the draw of the training photos, a network drawn at
    random from those of the folds reaches the target precision on new photos like these, a quarter of them changed,
    each in one of WAYS at random. All copies of a photo count in the proof, together as one case. Besides, no way in
    which photos were changed shows that it misses the target (exact binomial tests, at the same level for all ways
    together), and few others are decided. Those are checks on the same photos, no proofs.

    Nothing is promised about stronger changes or those that are not among WAYS, about other things unlike the archive's
    or how often they come, or about the model, which is the mean of the networks and usually better than each of them.
    """
    known, others = judged.take(judged.known), judged.take(~judged.known)
    temperature = fit_temperature(known.logits, known.decisions(1)[0], shares(known.copies))
    ways = [known.take(known.copies.ways == way).decisions(temperature) for way in range(len(WAYS) + 1)]
    strange = others.decisions(temperature)[1]

    def holds(threshold: float) -> bool:
        fair = not any(_misses(*way, threshold, target, len(ways)) for way in ways)
        return fair and _decided(strange, threshold) <= MOST_OTHERS_DECIDED

    mixture = _cases(known, temperature, seed)
    threshold = choose_threshold(mixture, target, 1 / judged.classes, holds)
    validation = _validation(ways[CLEAN], mixture, threshold)
    if len(strange):
        validation["others_decided"] = _decided(strange, threshold)
    return DecisionRule(temperature, threshold, validation)


def _cases(known: Judged, temperature: float, seed: int) -> Cases:
    """The cases of the proof, with the photos in an order that says nothing of them."""
    labels, probabilities = known.decisions(temperature)
    numbers = np.random.default_rng(seed).permutation(len(known.labels))
    right = probabilities.argmax(axis=1) == labels
    return Cases(numbers[known.copies.rows], shares(known.copies), probabilities.max(axis=1), right)


def _misses(
    labels: Labels, probabilities: Probabilities, threshold: float, target: PrecisionTarget, tests: int
) -> bool:
    """Whether more of the accepted photos are wrong than chance explains, if the target were reached.

    With so many tests, each is at a level that is smaller in proportion (Bonferroni): one of 29 tests of groups that
    just reach the target would otherwise nearly always be significant. A single mistake shows nothing.
    """
    accepted = probabilities.max(axis=1) >= threshold
    wrong = int((accepted & (probabilities.argmax(axis=1) != labels)).sum())
    fewer = binomial_cdf(wrong - 1, int(accepted.sum()), 1 - target.precision)
    return wrong >= FEWEST_MISTAKES and 1 - fewer <= (1 - target.confidence) / tests


def _decided(probabilities: Probabilities, threshold: float) -> float:
    return float((probabilities.max(axis=1) >= threshold).mean()) if len(probabilities) else 0.0


def _validation(clean: tuple[Labels, Probabilities], mixture: Cases, threshold: float) -> dict[str, float]:
    """Metrics on the photos as they are, and on the mixture."""
    labels, probabilities = clean
    actual = probabilities[np.arange(len(labels)), labels]
    point, (mixture_coverage, mixture_accuracy) = operating_point(*clean, threshold), mixture.reach(threshold)
    return {
        "accuracy": float((probabilities.argmax(axis=1) == labels).mean()),
        "log_loss": float(-np.log(actual).mean()),
        "coverage": point.coverage,
        "accuracy_of_accepted": point.accuracy,
        "images": len(labels),
        "mixture_coverage": mixture_coverage,
        "mixture_accuracy_of_accepted": mixture_accuracy,
    }
