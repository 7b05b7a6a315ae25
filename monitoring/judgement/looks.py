"""Compares what photos look like with the reference, and finds the change that explains the difference best.

The mean of a window's traits differs from the reference's because of chance, of harmless differences between days, and
of a change that befell a share of the photos. Chance is that of as many photos as the window has *different* ones:
a vehicle that was photographed twenty times says little more than one that was photographed once. Changes add their
shift times their share, so that share and gain follow by least squares.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from monitoring.appearance.arrays import Floats
from monitoring.features.pixels import Pixels, luma
from monitoring.judgement.reference import Reference

ALIKE = 0.85  # correlation of two small grey pictures from which on they show the same vehicle
MOST_DIFFERENT = 150  # more independent photos than that are not relied on
HARMLESS, CLASSES, MODEL = 0.7, 0.35, 0.1  # how far harmless shifts, class mix and each trait may go, one sigma


@dataclass(frozen=True)
class Explanation:
    """A change that explains a part of the difference: `gain` is by how much chi-square falls, `change` its number."""

    cause: str
    change: int
    share: float
    gain: float


@dataclass(frozen=True)
class Looks:
    """The traits of a window's photos beside the reference."""

    reference: Reference
    traits: Floats
    alike: NDArray[np.bool_]  # (photos, photos)

    @property
    def different(self) -> float:
        """How many independent photos these are worth: photos that are alike count together."""
        return float(len(self.alike) ** 2 / self.alike.sum())

    @cached_property
    def precision(self) -> Floats:
        """The inverse covariance of the mean of a good window's traits."""
        known = self.reference
        spread = known.covariance / min(self.different, MOST_DIFFERENT) + MODEL**2 * np.eye(len(known.mean))
        spread = spread + HARMLESS**2 * known.harmless.T @ known.harmless
        spread = spread + CLASSES**2 * known.class_shifts.T @ known.class_shifts
        found: Floats = np.linalg.inv(spread)
        return found

    @property
    def difference(self) -> Floats:
        """How far the mean of the window's traits is from the reference's."""
        found: Floats = self.traits.mean(axis=0) - self.reference.mean
        return found

    @property
    def unlike(self) -> float:
        """Chi-square of the whole difference."""
        return float(self.difference @ self.precision @ self.difference)

    @property
    def strange(self) -> float:
        """The share of photos that are further from the reference's mean than its own are, beyond a tenth that is."""
        beyond = float((self.reference.distances(self.traits) > self.reference.far).mean())
        return max(0.0, (beyond - 0.1) / 0.9)

    @cached_property
    def explanations(self) -> list[Explanation]:
        """The best explanation of each cause, the best one first."""
        known = self.reference
        difference = self.difference
        projected = known.shifts @ self.precision
        sizes = np.einsum("ij,ij->i", projected, known.shifts)
        shares = np.clip(projected @ difference / sizes, 0, 1)
        gains = 2 * shares * (projected @ difference) - shares**2 * sizes
        best: dict[str, Explanation] = {}
        for change in np.argsort(-gains, kind="stable"):
            cause = known.causes[change]
            best.setdefault(cause, Explanation(cause, int(change), float(shares[change]), float(gains[change])))
        return list(best.values())

    def along(self, change: int) -> Floats:
        """How much each photo looks as if the change had befallen it: 0 as the reference, 1 as all changed."""
        shift = self.reference.shifts[change]
        direction = self.precision @ shift / (shift @ self.precision @ shift)
        found: Floats = (self.traits - self.reference.mean) @ direction
        return found


def look(reference: Reference, pixels: Pixels) -> Looks:
    """The looks of a window's photos, of which there must be one at least."""
    return Looks(reference, reference.traits(reference.numbers(pixels)), alike(pixels))


def alike(pixels: Pixels) -> NDArray[np.bool_]:
    """Which pictures show the same, also a little moved: a symmetric matrix."""
    small = luma(pixels).astype(np.float32).reshape(len(pixels), 16, 2, 16, 2).mean(axis=(2, 4))
    middle = _normalised(small[:, 2:14, 2:14])
    found = np.eye(len(small), dtype=bool)
    for down in range(3):
        for across in range(3):
            moved = small[:, 1 + down : 13 + down, 1 + across : 13 + across]
            found |= middle @ _normalised(moved).T > ALIKE
    return found | found.T


def _normalised(pictures: Floats) -> Floats:
    flat = pictures.reshape(len(pictures), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    found: Floats = flat / (np.linalg.norm(flat, axis=1, keepdims=True) + 1e-6)
    return found
