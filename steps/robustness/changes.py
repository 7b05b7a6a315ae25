"""Changes that camera and weather make to photos, at three strengths: 1 is mild, 2 is middle, 3 is strong.

The choice of the threshold and the evaluation use them. Training learns from other functions, which are written apart
(`steps.network.camera`), so that these show how a model copes with changes that it has not met in the same form.
"""

import io
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from steps.arrays import IMAGE_SIZE, Images

STRENGTHS = (1, 2, 3)
MILD, MIDDLE = STRENGTHS[:2]

Photos = NDArray[np.float64]  # (N, 32, 32, 3), from 0 to 1
Change = Callable[[Photos, int, np.random.Generator], Photos]


def change(images: Images, way: tuple[str, int], seed: int = 0) -> Images:
    """The photos changed in one way: a kind and a strength. The same arguments give the same pixels."""
    kind, strength = way
    generator = np.random.default_rng((seed, strength, *kind.encode()))
    changed = KINDS[kind](images / 255, strength, generator)
    return (255 * changed.clip(0, 1)).round().astype(np.uint8)


def _noise(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    return x + rng.normal(0, (0.025, 0.05, 0.1)[strength - 1], x.shape)


def _few_photons(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    photons = (120, 60, 30)[strength - 1]  # of a white pixel
    caught: Photos = rng.poisson(x * photons) / photons
    return caught


def _wrong_pixels(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    share = (0.01, 0.02, 0.05)[strength - 1]
    wrong = rng.random((*x.shape[:3], 1)) < share
    return np.where(wrong, rng.random(x.shape).round(), x)


def _blur(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    radius = (0.6, 0.9, 1.4)[strength - 1]
    return _each(x, lambda photo: photo.filter(ImageFilter.GaussianBlur(radius)))


def _motion(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    path = ((1, 2, 1), (1, 1, 1), (1, 1, 1, 1, 1))[strength - 1]  # along rows or columns, in pixels
    shifts = np.arange(len(path)) - len(path) // 2
    across, down = (
        sum(share * np.roll(x, shift, axis=axis) for share, shift in zip(path, shifts, strict=True)) / sum(path)
        for axis in (2, 1)
    )
    return np.where(rng.random((len(x), 1, 1, 1)) < 0.5, across, down)


def _low_resolution(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    side, size = (22, 16, 11)[strength - 1], (IMAGE_SIZE, IMAGE_SIZE)
    box, bicubic = Image.Resampling.BOX, Image.Resampling.BICUBIC
    return _each(x, lambda photo: photo.resize((side, side), box).resize(size, bicubic))


def _jpeg(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    quality = (60, 30, 12)[strength - 1]

    def compressed(photo: Image.Image) -> Image.Image:
        photo.save(buffer := io.BytesIO(), "JPEG", quality=quality)
        return Image.open(buffer)

    return _each(x, compressed)


def _dark(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    return x * (0.6, 0.4, 0.2)[strength - 1]


def _bright(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    return x * (1.3, 1.6, 2.2)[strength - 1]


def _low_contrast(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    return 0.5 + (x - 0.5) * (0.6, 0.4, 0.2)[strength - 1]


def _haze(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    share = (0.3, 0.5, 0.7)[strength - 1]
    return (1 - share) * x + share * np.array([0.82, 0.85, 0.88])


def _gamma(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    power = (1.4, 1.8, 2.4)[strength - 1]
    return x ** np.where(rng.random((len(x), 1, 1, 1)) < 0.5, power, 1 / power)


def _smaller(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    side = (26, 22, 18)[strength - 1]
    edge = (IMAGE_SIZE - side) // 2
    small = _each(x, lambda photo: photo.resize((side, side), Image.Resampling.LANCZOS))
    return np.pad(small, ((0, 0), (edge, edge), (edge, edge), (0, 0)), mode="edge")


def _covered(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    side = (8, 11, 15)[strength - 1]
    place = np.arange(IMAGE_SIZE)
    top, left = rng.integers(0, IMAGE_SIZE - side + 1, (2, len(x), 1))
    rows, columns = ((place >= first) & (place < first + side) for first in (top, left))
    inside = rows[:, :, None, None] & columns[:, None, :, None]
    return np.where(inside, rng.uniform(0.1, 0.9, (len(x), 1, 1, 1)), x)


def _each(x: Photos, work: Callable[[Image.Image], Image.Image]) -> Photos:
    """The photos after some work on each of them as an 8-bit image of Pillow."""
    pixels = (255 * x).round().astype(np.uint8)
    return np.stack([np.asarray(work(Image.fromarray(photo))) for photo in pixels]) / 255


KINDS: Mapping[str, Change] = MappingProxyType(
    {
        "noise": _noise,
        "few_photons": _few_photons,
        "wrong_pixels": _wrong_pixels,
        "blur": _blur,
        "motion": _motion,
        "low_resolution": _low_resolution,
        "jpeg": _jpeg,
        "dark": _dark,
        "bright": _bright,
        "low_contrast": _low_contrast,
        "haze": _haze,
        "gamma": _gamma,
        "smaller": _smaller,
        "covered": _covered,
    }
)
