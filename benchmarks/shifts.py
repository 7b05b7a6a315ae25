"""What can go wrong at the dock, for `detection.py`: each kind of change in three strengths.

Nothing here is taken from `monitoring/appearance/changes.py`, whose changes the baseline learns. Otherwise the
benchmark would only show that what was learnt is found again.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

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


def photos(change: Callable[[Image.Image], Image.Image], share: float = 1) -> Shift:
    """A change of a share of the photos."""

    def shift(traffic: Traffic, _: Pools, rng: Rng) -> Traffic:
        images = traffic.images.copy()
        for row in np.flatnonzero(rng.random(len(images)) < share):
            images[row] = np.asarray(change(Image.fromarray(images[row])).convert("RGB"))
        return replace(traffic, images=images)

    return shift


def hazy(image: Image.Image, share: float) -> Image.Image:
    """Grey haze that hides a share of each colour."""
    return Image.blend(image, Image.new("RGB", image.size, (205, 208, 212)), share)


def grainy(image: Image.Image, spread: float) -> Image.Image:
    """Normal noise with a standard deviation of `spread` levels."""
    noise = np.random.default_rng(list(image.tobytes()[:8])).normal(0, spread, (image.height, image.width, 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def as_jpeg(image: Image.Image, quality: int) -> Image.Image:
    """Saved as JPEG."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def enlarged(image: Image.Image, side: int) -> Image.Image:
    """Scaled up from `side` pixels."""
    return image.resize((side, side), Image.Resampling.HAMMING).resize(image.size, Image.Resampling.BICUBIC)


def swapped(image: Image.Image) -> Image.Image:
    """Red and blue exchanged."""
    return Image.merge("RGB", image.split()[::-1])


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


def filters(change: Callable[[Image.Image, float], Image.Image], *strengths: float) -> tuple[Shift, ...]:
    """A change of all photos in several strengths."""
    return tuple(photos(lambda image, strength=strength: change(image, strength)) for strength in strengths)


def shares(change: Callable[[Image.Image], Image.Image]) -> tuple[Shift, ...]:
    """A change of a tenth, of four tenths, and of all photos."""
    return tuple(photos(change, share) for share in (0.1, 0.4, 1))


def brightness(image: Image.Image, factor: float) -> Image.Image:
    """All levels times a factor."""
    return ImageEnhance.Brightness(image).enhance(factor)


SHIFTS: dict[str, tuple[str, tuple[Shift, ...]]] = {  # what happens: the cause to be named, weak, middle, strong
    "darker": ("dark", filters(brightness, 0.7, 0.45, 0.2)),
    "brighter": ("bright", filters(brightness, 1.4, 1.9, 2.8)),
    "haze": ("low_contrast", filters(hazy, 0.25, 0.5, 0.75)),
    "out of focus": ("blur", filters(lambda image, r: image.filter(ImageFilter.GaussianBlur(r)), 0.7, 1.2, 2)),
    "sensor noise": ("noise", filters(grainy, 6, 15, 35)),
    "JPEG": ("compression", filters(lambda image, quality: as_jpeg(image, int(quality)), 60, 30, 10)),
    "scaled up": ("low_resolution", filters(lambda image, side: enlarged(image, int(side)), 20, 14, 9)),
    "turned by 90°": ("turned", shares(lambda image: image.transpose(Image.Transpose.ROTATE_270))),
    "upside down": ("turned", shares(lambda image: image.transpose(Image.Transpose.ROTATE_180))),
    "greyscale": ("greyscale", shares(lambda image: image.convert("L"))),
    "red and blue exchanged": ("channel_order", shares(swapped)),
    "class mix": ("class_mix", each(class_mix, 0.7, 0.85, 0.98)),
    "other things": ("other_things", each(other_things, 0.1, 0.4, 1)),
    "bad model": ("model_answers", each(bad_model, 0.2, 0.5, 1)),
    "exchanged labels": ("labels_disagree", each(exchanged_labels, 0.1, 0.4, 1)),
    "confidence": ("unsure", each(unsure, 0.4, 0.7, 0.9)),
    "no answers": ("no_answers", each(no_answers, 0.02, 0.07, 0.2)),
    "less traffic": ("traffic", each(less_traffic, 0.5, 0.25, 0.1)),
    "one photo": ("duplicates", each(repeated, 0.1, 0.3, 0.8)),
}
