"""What can go wrong at the dock, for `detection.py`: each kind of change in three strengths.

Those of photos are the ones that `scones traffic` sends (`pipelines/traffic/shifts.py`); those of the model's answers
are here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from pipelines.traffic.shifts import MIXES, PHOTO_SHIFTS, PhotoShift

Rng = np.random.Generator


@dataclass(frozen=True)
class Traffic:
    """Photos in order of time, their actual classes, and what the endpoint answered; -1 where it did not."""

    images: np.ndarray
    classes: np.ndarray
    answers: np.ndarray
    confidence: np.ndarray
    before: int = 0  # photos a day on three days before


Shift = Callable[[Traffic, "Pools", Rng], Traffic]


@dataclass(frozen=True)
class Pools:
    """Photos that traffic is made of: by class, and of other things."""

    classes: tuple[np.ndarray, np.ndarray]
    others: np.ndarray


def photos(of: PhotoShift) -> Shift:
    """A change of a share of the photos."""

    def shift(traffic: Traffic, _: Pools, rng: Rng) -> Traffic:
        images = traffic.images.copy()
        for row in np.flatnonzero(rng.random(len(images)) < of.share):
            images[row] = np.asarray(of.change(Image.fromarray(images[row])).convert("RGB"))
        return replace(traffic, images=images)

    return shift


def other_things(share: float) -> Shift:
    """A share of the photos shows something else."""

    def shift(traffic: Traffic, pools: Pools, rng: Rng) -> Traffic:
        images = traffic.images.copy()
        rows = np.flatnonzero(rng.random(len(images)) < share)
        images[rows] = pools.others[rng.choice(len(pools.others), len(rows))]
        return replace(traffic, images=images)

    return shift


def class_mix(share: float) -> Shift:
    """This share of the photos is of the first class."""

    def shift(traffic: Traffic, _: Pools, rng: Rng) -> Traffic:
        classes = (rng.random(len(traffic.images)) >= share).astype(int)
        kept = {each: np.flatnonzero(traffic.classes == each) for each in (0, 1)}
        rows = np.array([rng.choice(kept[each]) for each in classes])
        right = traffic.answers == traffic.classes
        answers = np.where(right, classes, 1 - classes)
        return replace(traffic, images=traffic.images[rows], classes=classes, answers=answers)

    return shift


def bad_model(share: float) -> Shift:
    """A model that favours a class, whatever it sees, answers a share of the requests."""

    def shift(traffic: Traffic, _: Pools, rng: Rng) -> Traffic:
        bad = rng.random(len(traffic.images)) < share
        guesses, sure = (rng.random(len(bad)) < 0.85).astype(int), 0.5 + 0.25 * rng.random(len(bad))
        answers, confidence = np.where(bad, guesses, traffic.answers), np.where(bad, sure, traffic.confidence)
        return replace(traffic, answers=answers, confidence=confidence)

    return shift


def exchanged_labels(share: float) -> Shift:
    """A share of the answers names the other class."""

    def shift(traffic: Traffic, _: Pools, rng: Rng) -> Traffic:
        exchanged = rng.random(len(traffic.images)) < share
        return replace(traffic, answers=np.where(exchanged, 1 - traffic.answers, traffic.answers))

    return shift


def unsure(share: float) -> Shift:
    """Confidence moves towards one half by this share."""
    return lambda traffic, _, __: replace(traffic, confidence=traffic.confidence * (1 - share) + 0.5 * share)


def no_answers(share: float) -> Shift:
    """A share of the requests has no answer."""

    def shift(traffic: Traffic, _: Pools, rng: Rng) -> Traffic:
        return replace(traffic, answers=np.where(rng.random(len(traffic.images)) < share, -1, traffic.answers))

    return shift


def less_traffic(share: float) -> Shift:
    """Only a share of the photos that came on each of the three days before."""

    def shift(traffic: Traffic, _: Pools, rng: Rng) -> Traffic:
        rows = np.flatnonzero(rng.random(len(traffic.images)) < share)
        parts = (traffic.images, traffic.classes, traffic.answers, traffic.confidence)
        return Traffic(*(part[rows] for part in parts), before=len(traffic.images))

    return shift


def repeated(share: float) -> Shift:
    """A share of the requests sends the first photo again."""

    def shift(traffic: Traffic, _: Pools, rng: Rng) -> Traffic:
        same = rng.random(len(traffic.images)) < share
        images = np.where(same[:, None, None, None], traffic.images[0], traffic.images)
        return replace(traffic, images=images, answers=np.where(same, traffic.answers[0], traffic.answers))

    return shift


def each(make: Callable[[float], Shift], *strengths: float) -> tuple[Shift, ...]:
    """A kind of change in several strengths."""
    return tuple(make(strength) for strength in strengths)


def changed(kind: str) -> tuple[Shift, ...]:
    """A change of photos in several strengths."""
    return tuple(photos(strength) for strength in PHOTO_SHIFTS[kind])


SHIFTS: dict[str, tuple[str, tuple[Shift, ...]]] = {  # what happens: the cause to be named, weak, middle, strong
    "darker": ("dark", changed("dark")),
    "brighter": ("bright", changed("bright")),
    "haze": ("low_contrast", changed("low_contrast")),
    "out of focus": ("blur", changed("blur")),
    "sensor noise": ("noise", changed("noise")),
    "JPEG": ("compression", changed("compression")),
    "scaled up": ("low_resolution", changed("low_resolution")),
    "turned by 90°": ("turned", changed("turned")),
    "upside down": ("turned", changed("upside_down")),
    "greyscale": ("greyscale", changed("greyscale")),
    "red and blue exchanged": ("channel_order", changed("channel_order")),
    "class mix": ("class_mix", each(class_mix, *MIXES["class_mix"])),
    "other things": ("other_things", each(other_things, *MIXES["other_things"])),
    "bad model": ("model_answers", each(bad_model, 0.2, 0.5, 1)),
    "exchanged labels": ("labels_disagree", each(exchanged_labels, 0.1, 0.4, 1)),
    "confidence": ("unsure", each(unsure, 0.4, 0.7, 0.9)),
    "no answers": ("no_answers", each(no_answers, 0.02, 0.07, 0.2)),
    "less traffic": ("traffic", each(less_traffic, 0.5, 0.25, 0.1)),
    "one photo": ("duplicates", each(repeated, *MIXES["duplicates"])),
}
