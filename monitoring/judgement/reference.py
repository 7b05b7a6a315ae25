"""What the baseline knows of good photos beyond Model Monitor's two files: `reference.npz`."""

import zipfile
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np

from monitoring.appearance.appearance import appearance
from monitoring.appearance.arrays import Floats
from monitoring.errors import InvalidBaselineError
from monitoring.features.pixels import Pixels

REFERENCE = "reference.npz"
FORMAT = 1
FURTHEST = 8  # standard deviations; anything further away counts as this far
STEADY = 0.1  # added to each trait's spread, so that traits that hardly vary count little
TEXTS = ("classes", "causes")
LATER = ("examples", "eye")  # older baselines lack them


@dataclass(frozen=True)
class Reference:
    """Photos of the baseline as numbers, and what each change does to the mean of these numbers.

    A photo's numbers are standardised by `centre` and `scale`. Detectors are linear scores of them, with `weights`
    (detectors, numbers) and `offsets`; the last detectors score the classes. A photo's *traits*, which are compared,
    are its plain numbers and the detectors' scores. `mean` and `covariance` are those of the baseline's photos. A row
    of `shifts` (changes, traits) is what a change adds to the mean if it happens to every photo; `causes` names it.
    """

    classes: tuple[str, ...]
    photos: int
    plain: int
    centre: Floats
    scale: Floats
    weights: Floats
    offsets: Floats
    mean: Floats
    covariance: Floats
    far: float  # squared distance from the mean that a tenth of the photos exceeds
    causes: tuple[str, ...]
    shifts: Floats
    harmless: Floats  # (harmless changes, traits)
    class_shifts: Floats  # (classes, traits): the mean of a class against that of all
    class_shares: Floats
    recognised: Floats  # (classes, classes): how often a photo of the first looks most like the second
    examples: Pixels = field(default_factory=lambda: np.zeros((0, 32, 32, 3), np.uint8))  # none in older baselines
    # How many test photos the model was asked about, and which share of them it sees turned, as they are and turned on
    # purpose; empty where nothing says that, such as in older baselines.
    eye: Floats = field(default_factory=lambda: np.zeros(0))

    def numbers(self, pixels: Pixels) -> Floats:
        """The standardised numbers of photos."""
        return standardised(np.concatenate(appearance(pixels), axis=1), self.centre, self.scale)

    def traits(self, numbers: Floats) -> Floats:
        """What is compared, from standardised numbers."""
        scores = numbers @ self.weights.T + self.offsets
        return np.concatenate([numbers[:, : self.plain], scores], axis=1)

    def looks_like(self, traits: Floats) -> np.ndarray:
        """The class that each photo looks most like, as an index."""
        found: np.ndarray = traits[:, -len(self.classes) :].argmax(axis=1)
        return found

    def distances(self, traits: Floats) -> Floats:
        """Squared distances of photos from the mean, in the baseline's covariance."""
        return distances(traits, self.mean, self.covariance)

    def save(self, path: Path) -> None:
        """Writes the reference."""
        arrays = {each.name: np.array(getattr(self, each.name)) for each in fields(self)}
        np.savez_compressed(path, format=np.array(FORMAT), **arrays)  # type: ignore[arg-type]  # numpy's stubs


def standardised(numbers: Floats, centre: Floats, scale: Floats) -> Floats:
    """Numbers in standard deviations from the centre."""
    found: Floats = np.clip((numbers - centre) / scale, -FURTHEST, FURTHEST)
    return found


def distances(traits: Floats, mean: Floats, covariance: Floats) -> Floats:
    """Squared Mahalanobis distances (photos,) from the mean; traits that hardly vary count little."""
    precision = np.linalg.inv(covariance + STEADY**2 * np.eye(len(mean)))
    apart = traits - mean
    found: Floats = (apart @ precision * apart).sum(axis=1)
    return found


def read_reference(folder: Path) -> Reference | None:
    """Reads the reference in a folder; None if it has none. Raises InvalidBaselineError."""
    path = folder / REFERENCE
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as arrays:
            if int(arrays["format"]) != FORMAT:
                raise InvalidBaselineError(f"'{path}' was written by another version; make the baseline again")
            wanted = [each.name for each in fields(Reference) if each.name not in LATER or each.name in arrays]
            found = {name: arrays[name] for name in wanted}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        # numpy's own message would advise loading the file in an unsafe way.
        again = "make it again with `scones monitor baseline`"
        raise InvalidBaselineError(f"'{path}' is no reference of good photos; {again}") from error
    texts = {name: tuple(map(str, found[name])) for name in TEXTS}
    numbers = {"photos": int(found["photos"]), "plain": int(found["plain"]), "far": float(found["far"])}
    return Reference(**{**found, **texts, **numbers})
