"""Makes a reference from good, labelled photos."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitoring.appearance.appearance import appearance
from monitoring.appearance.arrays import Floats
from monitoring.appearance.changes import changes, exchanged, harmless_changes, sideways, upside_down
from monitoring.errors import InvalidTrainingImagesError
from monitoring.features.pixels import Pixels
from monitoring.judgement.reference import Reference, distances, standardised

FEWEST = 40  # photos that say what good ones look like
FOLDS = 4
MOST_LEARNT = 1500  # photos; more would take longer and change little
CHANGED = 150  # photos that each change is applied to
DETECTED = (sideways, upside_down, exchanged)
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Detector:
    """A linear score, fitted once for each fold on the others: photos are scored by a fit that has not seen them."""

    weights: Floats  # (folds, numbers)
    offsets: Floats

    def score(self, numbers: Floats, folds: Rows) -> Floats:
        """Each photo's score by the fit that has not seen it."""
        found: Floats = np.einsum("ij,ij->i", numbers, self.weights[folds]) + self.offsets[folds]
        return found


def learn(images: Pixels, labels: Rows, classes: Sequence[str], others: Pixels | None = None) -> Reference:
    """The reference of photos with labels; `others` are photos of other things. Raises InvalidTrainingImagesError."""
    if len(images) < FEWEST:
        raise InvalidTrainingImagesError(f"the baseline has {len(images)} photos; at least {FEWEST} are needed")
    chosen = np.random.default_rng(0).permutation(len(images))[:MOST_LEARNT]
    images, labels = images[chosen], labels[chosen]
    raw, plain = _raw(images)
    centre, scale = raw.mean(axis=0), raw.std(axis=0) + np.float32(1e-3)

    def numbers(pixels: Pixels) -> Floats:
        return standardised(_raw(pixels)[0], centre, scale)

    own, folds = standardised(raw, centre, scale), _folds(len(images))
    strange = None if others is None or len(others) < FEWEST else numbers(others[:MOST_LEARNT])
    detectors = _detectors(images, own, labels, len(classes), folds, numbers, strange)

    def traits(values: Floats, fold: Rows) -> Floats:
        return np.concatenate([values[:, :plain], *(each.score(values, fold)[:, None] for each in detectors)], axis=1)

    found = traits(own, folds)
    mean, covariance = found.mean(axis=0), np.cov(found.T)
    few = slice(None, CHANGED)

    def shift(change: Callable[[Pixels], Pixels]) -> Floats:
        moved: Floats = traits(numbers(change(images[few])), folds[few]).mean(axis=0) - found[few].mean(axis=0)
        return moved

    named = [(cause, shift(change)) for cause, change in changes()]
    if strange is not None:
        named += [("other_things", moved) for moved in _kinds(traits(strange, _folds(len(strange))), mean)]
    return Reference(
        classes=tuple(classes),
        photos=len(images),
        plain=plain,
        centre=centre,
        scale=scale,
        weights=np.stack([each.weights.mean(axis=0) for each in detectors]),
        offsets=np.stack([each.offsets.mean() for each in detectors]),
        mean=mean,
        covariance=covariance,
        far=float(np.quantile(distances(found, mean, covariance), 0.9)),
        causes=tuple(cause for cause, _ in named),
        shifts=np.stack([moved for _, moved in named]),
        harmless=np.stack([shift(change) for change in harmless_changes()]),
        class_shifts=np.stack([found[labels == index].mean(axis=0) - mean for index in np.unique(labels)]),
        class_shares=np.bincount(labels, minlength=len(classes)) / len(labels),
        recognised=_recognised(labels, found[:, -len(classes) :].argmax(axis=1), len(classes)),
    )


def _folds(count: int) -> Rows:
    """The fold of each photo."""
    return np.arange(count) % FOLDS


def _recognised(labels: Rows, looks: Rows, classes: int) -> Floats:
    """How often photos of each class (rows) look most like each class (columns); 0 for a class without photos."""
    table = np.zeros((classes, classes))
    np.add.at(table, (labels, looks), 1)
    found: Floats = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    return found


def _raw(pixels: Pixels) -> tuple[Floats, int]:
    """All numbers about photos, the plain ones first, and how many of them are plain."""
    plain, fine = appearance(pixels)
    return np.concatenate([plain, fine], axis=1), plain.shape[1]


def _detectors(
    images: Pixels,
    own: Floats,
    labels: Rows,
    classes: int,
    folds: Rows,
    numbers: Callable[[Pixels], Floats],
    strange: Floats | None,
) -> list[Detector]:
    """Detectors of changes, of other things if there are photos of them, and of each class, in this order."""
    found = [_against(own, folds, numbers(change(images)), folds) for change in DETECTED]
    if strange is not None:
        found.append(_against(own, folds, strange, _folds(len(strange))))
    return found + [_fit(own, np.where(labels == index, 1.0, -1.0), folds) for index in range(classes)]


def _against(own: Floats, folds: Rows, changed: Floats, changed_folds: Rows) -> Detector:
    values = np.concatenate([own, changed])
    target = np.concatenate([-np.ones(len(own)), np.ones(len(changed))])
    return _fit(values, target, np.concatenate([folds, changed_folds]))


def _fit(values: Floats, target: NDArray[np.float64], folds: Rows) -> Detector:
    """Ridge regression, once without each fold; doubled, so that scores spread about as widely as other traits."""
    weights, offsets = [], []
    for fold in range(FOLDS):
        rows = folds != fold
        x, y = values[rows].astype(np.float64), target[rows]
        middle = x.mean(axis=0)
        centred = x - middle
        matrix = centred.T @ centred + len(x) / 3 * np.eye(x.shape[1])
        weight = 2 * np.linalg.solve(matrix, centred.T @ (y - y.mean()))
        weights.append(weight)
        offsets.append(-float(middle @ weight) + 2 * y.mean())
    return Detector(np.array(weights), np.array(offsets))


def _kinds(traits: Floats, mean: Floats, kinds: int = 6) -> list[Floats]:
    """How far photos of other things are from good ones: the mean of all, and of each large cluster (k-means)."""
    middles = traits[:: max(1, len(traits) // kinds)][:kinds]
    nearest = np.zeros(len(traits), np.intp)
    for _ in range(10):
        nearest = ((traits[:, None] - middles) ** 2).sum(axis=2).argmin(axis=1)
        member = (nearest[:, None] == np.arange(kinds)).astype(np.float64)
        middles = member.T @ traits / np.maximum(member.sum(axis=0), 1)[:, None]
    large = [traits[nearest == kind] for kind in range(kinds) if (nearest == kind).sum() >= FEWEST]
    return [part.mean(axis=0) - mean for part in (traits, *large)]
