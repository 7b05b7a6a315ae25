"""Temperature and threshold, from what the networks of the cross-validation make of photos that they never saw."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steps.arrays import Labels, Logits, Probabilities
from steps.classifier.binomial import binomial_cdf
from steps.classifier.calibration import fit_temperature
from steps.classifier.classifier import softmax
from steps.classifier.selective import PrecisionTarget, choose_threshold, operating_point
from steps.robustness.copies import CLEAN, WAYS, Copies, draw_mixture

MOST_OTHERS_DECIDED = 0.05  # of photos of none of the classes, the share that may be taken for one of them
FEWEST_MISTAKES = 2  # one mistake in a small group of photos shows nothing of its kind


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

    What is proven is this: with the probability `target.confidence` over the draw of the training photos, the
    networks of the folds reach the target precision on new photos like these, a quarter of them changed, each in
    one of WAYS at random. Besides, no way in which photos were changed shows that it misses the target (exact
    binomial tests, at the same level for all ways together), and few others are decided. Those are checks on the
    same photos, no proofs.

    Nothing is said of changes that are not among WAYS or stronger ones, of other things unlike the archive's, of how
    often these come, and of the model's own networks, which learn from more photos than those of the folds.
    """
    known, others = judged.take(judged.known), judged.take(~judged.known)
    mixture = known.take(draw_mixture(known.copies, seed))
    temperature = fit_temperature(mixture.logits, mixture.decisions(1)[0])
    ways = [known.take(known.copies.ways == way).decisions(temperature) for way in range(len(WAYS) + 1)]
    strange = others.decisions(temperature)[1]

    def holds(threshold: float) -> bool:
        fair = not any(_misses(*way, threshold, target, len(ways)) for way in ways)
        return fair and _decided(strange, threshold) <= MOST_OTHERS_DECIDED

    threshold = choose_threshold(*mixture.decisions(temperature), target, holds)
    validation = _validation(ways[CLEAN], mixture.decisions(temperature), threshold)
    if len(strange):
        validation["others_decided"] = _decided(strange, threshold)
    return DecisionRule(temperature, threshold, validation)


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


def _validation(
    clean: tuple[Labels, Probabilities], mixture: tuple[Labels, Probabilities], threshold: float
) -> dict[str, float]:
    """Metrics on the photos as they are, and on the mixture."""
    labels, probabilities = clean
    actual = probabilities[np.arange(len(labels)), labels]
    asis, mixed = operating_point(*clean, threshold), operating_point(*mixture, threshold)
    return {
        "accuracy": float((probabilities.argmax(axis=1) == labels).mean()),
        "log_loss": float(-np.log(actual).mean()),
        "coverage": asis.coverage,
        "accuracy_of_accepted": asis.accuracy,
        "images": len(labels),
        "mixture_coverage": mixed.coverage,
        "mixture_accuracy_of_accepted": mixed.accuracy,
    }
