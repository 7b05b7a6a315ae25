"""The confidence threshold: the lowest at which held-out photos prove that decisions are right often enough."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNREACHED_THRESHOLD = 1.0
THRESHOLD_STEP, THRESHOLD_DIGITS = 0.005, 6
STARTS = (0.25, 0.75)  # searches begin at confidences that are so many times as far from 1 as the target precision
STAKE = 0.85  # share of the largest bet that cannot lose everything; in simulations it proved most


@dataclass(frozen=True)
class PrecisionTarget:
    """Required precision of accepted images, and the confidence level at which it must hold."""

    precision: float
    confidence: float


@dataclass(frozen=True)
class Cases:
    """Predictions (N,) for copies of photos: the photo's number, the copy's share of it, confidence, whether right.

    The shares of a photo's copies sum to 1. Photos are independent of one another, and numbered in random order.
    """

    photos: NDArray[np.intp]
    shares: NDArray[np.float64]
    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]

    def gains(self, threshold: float, precision: float) -> NDArray[np.float64]:
        """What each photo (P,) wins by decisions: a right one 1 - precision, a wrong one -precision, none nothing.

        Copies win their share of it. On new photos the mean is above 0 exactly if, of copies that are drawn by their
        shares and decided, more than `precision` are right.
        """
        decided = self.confidence >= threshold
        return np.bincount(self.photos, self.shares * decided * (self.right - precision)).astype(np.float64)

    def reach(self, threshold: float) -> tuple[float, float]:
        """The share of the photos that are decided, and the share of those that are right, 0 if there are none."""
        decided = self.shares * (self.confidence >= threshold)
        accepted = float(decided.sum())
        return accepted / float(self.shares.sum()), float((decided * self.right).sum()) / accepted if accepted else 0.0


def choose_threshold(
    cases: Cases, target: PrecisionTarget, guess: float, holds: Callable[[float], bool] = lambda _: True
) -> float:
    """The lowest threshold, hence the largest coverage, that is proven to reach the target and for which `holds`.

    Thresholds above `guess`, the confidence that every prediction has, are tested one after the other, downwards. The
    order is fixed beforehand, and so is the risk of a wrong proof, 1 - confidence in all: each start has a part of it,
    which is passed on from one threshold to the next as long as they are proven, and lost at the first that is not.
    Therefore the chance that any threshold is proven that misses the target is at most 1 - confidence, whichever is
    chosen (the fallback procedure of Wiens and Dmitrienko, 2005; for thresholds Angelopoulos et al., "Learn then
    Test", 2021). Without any, the threshold is 1, and practically every image goes to a person.
    """
    starts = [start for start in (1 - lack * (1 - target.precision) for lack in STARTS) if start > guess]
    steps = np.arange(max(starts, default=guess), guess, -THRESHOLD_STEP).round(THRESHOLD_DIGITS)
    proven: list[float] = []
    risk, begun = 0.0, 0
    for step in map(float, steps[steps > guess]):
        now = sum(step < start + THRESHOLD_STEP / 2 for start in starts)
        risk, begun = risk + (now - begun) * (1 - target.confidence) / len(starts), now
        if not is_proven(cases.gains(step, target.precision), target.precision, risk):
            risk = 0.0
        elif holds(step):
            proven.append(step)
    return min(proven, default=UNREACHED_THRESHOLD)


def is_proven(gains: NDArray[np.float64], precision: float, risk: float) -> bool:
    """Whether the gains of photos (P,) show that their mean on new photos is above 0, wrongly so at most with `risk`.

    Somebody with a capital of 1 bets on each photo in turn, always the same share of the capital. Unless the mean is
    above 0, nobody gets rich by that: the capital ever reaches 1 / risk with a probability of at most `risk` (Ville,
    1939; Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting", 2023).
    """
    if risk <= 0:
        return False
    capital = np.log1p(STAKE / precision * gains).cumsum()
    return float(capital.max(initial=0.0)) >= -math.log(risk)
