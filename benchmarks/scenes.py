"""Photos of 32 × 32 pixels as a camera would have taken them, for `reduction.py`: somewhere in a larger scene.

The scene around a photo is its own mirror image, blurred. Photos as small as these say nothing of the detail that a
camera sees, so that every scene gets some: brightness varies by the same amount on all scales that are finer than the
photo's pixels, as it does in nature. The noise of the sensor and the JPEG come last, at the full size.
"""

import io
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from steps.arrays import Images

SIDE = 32
FILLS = (0.9, 0.6, 0.4)  # of the camera photo's shorter side
SHAPES = {"4:3": (800, 600), "16:9": (832, 468), "3:4": (600, 800)}
PLACES = ("middle", "aside")
BLUR = 4  # deviation in pixels of the small photo
SOFT_EDGE = 3  # pixels of the small photo over which the surroundings become blurred
GRAINS = (1, 2, 4, 8)  # pixels a side of the detail
DETAIL = 5.0  # deviation of each of them, in levels of 255
READ_NOISE, SHOT_NOISE = 3.0, 0.1  # deviation in levels, and variance for each level of light
QUALITY = 88

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Scene:
    """What share of the shorter side the small photo fills, the shape of the camera's photo, and where in it."""

    fill: float
    shape: str
    place: str


def scenes(photo: int) -> list[Scene]:
    """The scenes of a photo by its number: each share and shape; in the middle and aside by turns."""
    return [
        Scene(fill, shape, PLACES[(photo + number) % len(PLACES)])
        for number, (fill, shape) in enumerate(product(FILLS, SHAPES))
    ]


def taken(photo: Images, scene: Scene, rng: np.random.Generator, scale: float = 1) -> bytes:
    """The JPEG of a photo uint8 (32, 32, 3) in a scene; `scale` enlarges the camera's number of pixels a side."""
    width, height = (round(side * scale) for side in SHAPES[scene.shape])
    where = (0.5, 0.5) if scene.place == "middle" else rng.random(2)
    clean = np.asarray(_surrounded(photo, scene.fill, (width, height), where), np.float32)
    detail, noise = (np.roll(field, rng.integers(0, field.shape[:2]), (0, 1)) for field in _fields(width, height))
    light = clean + detail
    seen = light + noise * np.sqrt(READ_NOISE**2 + SHOT_NOISE * light.clip(0, 255))
    buffer = io.BytesIO()
    Image.fromarray(seen.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def _surrounded(photo: Images, fill: float, size: tuple[int, int], where: NDArray[np.float64]) -> Image.Image:
    """The photo on a share of a picture of this size (width, height), with surroundings."""
    pixels = np.array(size) / (fill * min(size)) * SIDE  # of the picture, as large as those of the photo
    before = (pixels - SIDE) * where
    padding = np.ceil(np.maximum(before, pixels - SIDE - before)).astype(int)
    across, down = ((pad, pad) for pad in padding)
    whole = np.pad(photo, (down, across, (0, 0)), "symmetric")
    blurred = np.asarray(Image.fromarray(whole).filter(ImageFilter.GaussianBlur(BLUR)))
    inside = np.minimum.outer(*(_inside(len_, pad) for len_, pad in zip(whole.shape, padding[::-1], strict=False)))
    mixed = blurred + (whole.astype(float) - blurred) * inside[..., None]
    start = padding - before
    small = Image.fromarray(mixed.round().astype(np.uint8))
    return small.resize(size, Image.Resampling.LANCZOS, (*start, *(start + pixels)))


def _inside(length: int, padding: int) -> NDArray[np.float64]:
    """1 where a row or column belongs to the photo, falling to 0 outside it."""
    place = np.arange(length)
    outside = np.maximum(padding - place, place - (padding + SIDE - 1)).clip(0)
    return (1 - outside / SOFT_EDGE).clip(0, 1)


@lru_cache(maxsize=len(SHAPES))
def _fields(width: int, height: int) -> tuple[Floats, Floats]:
    """Detail (height, width, 1) and unit noise (height, width, 3), of which each scene gets another part."""
    rng = np.random.default_rng(0)
    detail = np.zeros((height, width), np.float32)
    for grain in GRAINS:
        coarse = rng.normal(0, DETAIL, (-(-height // grain), -(-width // grain))).astype(np.float32)
        detail += np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))
    return detail[..., None], rng.standard_normal((height, width, 3), np.float32)
