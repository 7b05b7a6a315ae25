"""Compares a window's photos with the reference, and finds the change that explains the difference best.

The mean of the window's traits differs from the reference's for three reasons: chance, harmless differences between
one day and the next, and a change that happened to a share of the photos. How much chance can do depends on how many
*different* photos there are: a vehicle that was photographed twenty times says little more than one that was
photographed once. A change moves the mean by its shift times its share, so share and gain follow by least squares.
Where the model's answers say whether it sees photos turned, that is one more trait, by which turned photos are found.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from monitoring.appearance.arrays import Floats
from monitoring.features.pixels import Pixels, luma
from monitoring.judgement.eye import NOTHING, Eye
from monitoring.judgement.reference import Reference

ALIKE = 0.85  # correlation of two small grey pictures above which they show the same vehicle
MOST_DIFFERENT = 150  # independent photos; more count as this many
# Standard deviations of how far harmless changes, the mix of classes, and each trait by itself may move the mean.
HARMLESS, CLASSES, MODEL = 0.7, 0.35, 0.1

TURNS = "turned"  # the cause that the model's eye tells

SHOWN = 10  # photos that show a cause


@dataclass(frozen=True)
class Explanation:
    """A change that explains a part of the difference.

    `change` is its row in the reference's `shifts`, `gain` how much lower chi-square is if it happened to `share`.
    """

    cause: str
    change: int
    share: float
    gain: float


@dataclass(frozen=True)
class Looks:
    """The traits (photos, traits) of a window's photos, the reference, and which photos show the same thing.

    `eye` is what the model sees of all photos, and `turned` (photos,) which of these it sees turned, as 0 and 1.
    """

    reference: Reference
    traits: Floats
    alike: NDArray[np.bool_]  # (photos, photos)
    eye: Eye | None = None
    turned: Floats = field(default_factory=lambda: NOTHING)

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
        """The share of photos unlike the reference's; a tenth that is as far from the mean is usual and not counted."""
        beyond = float((self.reference.distances(self.traits) > self.reference.far).mean())
        return max(0.0, (beyond - 0.1) / 0.9)

    @cached_property
    def explanations(self) -> list[Explanation]:
        """The best explanation of each cause, the best one first."""
        known = self.reference
        projected = known.shifts @ self.precision
        sizes = np.einsum("ij,ij->i", projected, known.shifts)
        moved = projected @ self.difference
        if self.eye is not None:
            turns = np.array(known.causes) == TURNS
            sizes = sizes + turns * self.weight * self.eye.shift
            moved = moved + turns * self.weight * (self.eye.share - self.eye.usual)
        shares = np.clip(moved / sizes, 0, 1)
        gains = 2 * shares * moved - shares**2 * sizes
        best: dict[str, Explanation] = {}
        for change in np.argsort(-gains, kind="stable"):
            cause = known.causes[change]
            best.setdefault(cause, Explanation(cause, int(change), float(shares[change]), float(gains[change])))
        return list(best.values())

    def along(self, change: int) -> Floats:
        """How much each photo looks as if the change had happened to it: on average 0 without it, and 1 with it."""
        shift = self.reference.shifts[change]
        direction = self.precision @ shift
        size, moved = shift @ direction, (self.traits - self.reference.mean) @ direction
        if self.eye is not None and self.reference.causes[change] == TURNS:
            size = size + self.weight * self.eye.shift
            moved = moved + self.weight * (self.turned - self.eye.usual)
        found: Floats = moved / size
        return found

    @cached_property
    def weight(self) -> float:
        """How much the share of photos that the model sees turned counts: its shift over its variance in good windows.

        The test photos, which say what is usual, are few as well.
        """
        if self.eye is None:
            return 0.0
        chance = 1 / min(self.different, MOST_DIFFERENT) + 1 / self.eye.tested
        return self.eye.shift / (self.eye.spread * (chance + MODEL**2))


def highest(values: Floats, most: int = SHOWN) -> tuple[int, ...]:
    """The places of the highest values, the highest first."""
    return tuple(int(place) for place in np.argsort(-values, kind="stable")[:most])


def look(reference: Reference, pixels: Pixels, eye: Eye | None = None, turned: Floats = NOTHING) -> Looks:
    """The looks of a window's photos; there must be at least one."""
    return Looks(reference, reference.traits(reference.numbers(pixels)), alike(pixels), eye, turned)


def alike(pixels: Pixels) -> NDArray[np.bool_]:
    """Which pictures show the same thing, perhaps moved a little: a symmetric matrix (photos, photos)."""
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
