"""Makes a reference from good, labelled photos."""

from collections.abc import Callable, Sequence

import numpy as np

from monitoring.appearance.appearance import appearance
from monitoring.appearance.arrays import Floats
from monitoring.appearance.changes import changes, exchanged, harmless_changes, sideways, upside_down
from monitoring.errors import InvalidTrainingImagesError
from monitoring.features.pixels import Pixels
from monitoring.judgement.detectors import Rows, class_detectors, detector_of
from monitoring.judgement.reference import Reference, distances, standardised

FEWEST = 40  # photos that say what good ones look like
MOST_LEARNT = 1500  # photos; more would take longer and change little
CHANGED = 150  # photos that each change is applied to
SHOWN = 10  # photos that the report shows beside those of a cause
DETECTED = (sideways, upside_down, exchanged)


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

    own = standardised(raw, centre, scale)
    strange = [] if others is None or len(others) < FEWEST else [numbers(others[:MOST_LEARNT])]
    unlike = [*(numbers(change(images)) for change in DETECTED), *strange]
    detectors = [*(detector_of(each, own) for each in unlike), *class_detectors(own, labels, len(classes))]

    def traits(values: Floats) -> Floats:
        scores = [each.score(values)[:, None] for each in detectors]
        return np.concatenate([values[:, :plain], *scores], axis=1)

    found = traits(own)
    mean, covariance = found.mean(axis=0), np.cov(found.T)

    def shift(change: Callable[[Pixels], Pixels]) -> Floats:
        moved: Floats = traits(numbers(change(images[:CHANGED]))).mean(axis=0) - found[:CHANGED].mean(axis=0)
        return moved

    named = [(cause, shift(change)) for cause, change in changes()]
    named += [("other_things", moved) for each in strange for moved in clusters(traits(each), mean)]
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
        examples=images[:SHOWN],
    )


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


def clusters(traits: Floats, mean: Floats, kinds: int = 6) -> list[Floats]:
    """How far photos of other things are from good ones: the mean of all, and of each large cluster (k-means)."""
    middles = traits[:: max(1, len(traits) // kinds)][:kinds]
    nearest = np.zeros(len(traits), np.intp)
    for _ in range(10):
        nearest = ((traits[:, None] - middles) ** 2).sum(axis=2).argmin(axis=1)
        member = (nearest[:, None] == np.arange(kinds)).astype(np.float64)
        middles = member.T @ traits / np.maximum(member.sum(axis=0), 1)[:, None]
    large = [traits[nearest == kind] for kind in range(kinds) if (nearest == kind).sum() >= FEWEST]
    return [part.mean(axis=0) - mean for part in (traits, *large)]
