"""Changes that can happen to photos on their way to the model, and harmless ones that should not be reported.

Each is a function of pixels (images, 32, 32, RGB). By applying them to the baseline's good photos, a reference learns
how they move the numbers of `appearance`.
"""

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from monitoring.features.pixels import Pixels, luma

Change = Callable[[Pixels], Pixels]
Sampling = Image.Resampling
SOFT = (0.6, 0.7, 0.8, 0.95, 1.1, 1.25, 1.4, 1.6, 1.8, 2.0, 2.3, 3.0)  # radii of blurs, in pixels
SCALINGS = (
    (Sampling.BICUBIC, Sampling.BICUBIC),
    (Sampling.BOX, Sampling.BILINEAR),
    (Sampling.BOX, Sampling.NEAREST),
    (Sampling.NEAREST, Sampling.NEAREST),
)


def changes() -> Iterator[tuple[str, Change]]:
    """The changes that matter, each with the name of its cause, in several strengths and kinds."""
    yield from (("dark", partial(scaled, factor=factor)) for factor in (0.75, 0.55, 0.35, 0.2, 0.1))
    yield from (("dark", partial(bent, power=power)) for power in (1.6, 2.5, 4.0))
    yield from (("dark", partial(scaled, factor=1.0, offset=offset)) for offset in (-35, -70))
    yield from (("bright", partial(scaled, factor=factor)) for factor in (1.3, 1.6, 2.2, 3.0))
    yield from (("bright", partial(bent, power=power)) for power in (0.65, 0.4, 0.25))
    yield from (("bright", partial(scaled, factor=1.0, offset=offset)) for offset in (40, 80, 120))
    for share in (0.3, 0.5, 0.7, 0.85):
        yield from (("low_contrast", partial(faded, share=share, level=level)) for level in (None, 128, 190, 225))
    yield from (("blur", partial(filtered, kind=ImageFilter.GaussianBlur(r))) for r in SOFT)
    yield from (("blur", partial(filtered, kind=ImageFilter.BoxBlur(radius))) for radius in (1, 2))
    yield "blur", smeared
    yield from (("noise", partial(noisy, spread=spread)) for spread in (5, 9, 16, 28, 45))
    yield from (("noise", partial(noisy, spread=spread, channels=1)) for spread in (10, 25))
    yield from (("noise", partial(speckled, share=share)) for share in (0.02, 0.08))
    yield from (("compression", partial(compressed, quality=quality)) for quality in (70, 50, 30, 20, 12, 6))
    for side in (24, 22, 20, 18, 16, 14, 12, 11, 10, 9, 8, 7, 6):
        yield from (("low_resolution", partial(rescaled, side=side, ways=ways)) for ways in SCALINGS)
    yield "turned", sideways
    yield "turned", upside_down
    yield "greyscale", greyscale
    yield "channel_order", exchanged


def harmless_changes() -> Iterator[Change]:
    """Differences between one good day and the next: light, distance, a camera that was moved a little."""
    yield from (partial(scaled, factor=factor) for factor in (0.88, 1.12))
    yield from (partial(scaled, factor=1.0, offset=offset) for offset in (-10, 10))
    yield from (partial(bent, power=power) for power in (0.88, 1.13))
    yield from (partial(faded, share=share, level=128) for share in (-0.1, 0.1))
    yield partial(compressed, quality=95)
    yield partial(moved, angle=4.0)
    yield partial(moved, shift=0.5)
    yield partial(moved, zoom=1.06)
    yield partial(moved, angle=2.0, zoom=0.95, shift=1.3)
    yield partial(np.roll, shift=(1, 1), axis=(1, 2))


def scaled(pixels: Pixels, factor: float, offset: float = 0) -> Pixels:
    """All levels times a factor, plus an offset."""
    return _levels(pixels * np.float32(factor) + offset)


def bent(pixels: Pixels, power: float) -> Pixels:
    """Gamma correction: black and white stay, the levels between them move."""
    return _levels(255 * (pixels / np.float32(255)) ** power)


def faded(pixels: Pixels, share: float, level: float | None) -> Pixels:
    """Haze, or lack of contrast: each level moves by a share of the way to `level` (None: the photo's mean)."""
    towards = pixels.mean(axis=(1, 2, 3), keepdims=True) if level is None else level
    return _levels(pixels * (1 - share) + towards * share)


def filtered(pixels: Pixels, kind: ImageFilter.Filter) -> Pixels:
    """One of Pillow's filters."""
    return _each(pixels, lambda image: image.filter(kind))


def smeared(pixels: Pixels) -> Pixels:
    """Motion blur, over five pixels of a row."""
    padded = np.pad(pixels, ((0, 0), (0, 0), (2, 2), (0, 0)), mode="edge").astype(np.float32)
    return _levels(np.mean([padded[:, :, start : start + pixels.shape[2]] for start in range(5)], axis=0))


def noisy(pixels: Pixels, spread: float, channels: int = 3) -> Pixels:
    """Normal noise with a standard deviation of `spread` levels; with `channels=1` the same for all channels."""
    drawn = np.random.default_rng(1).normal(0, spread, (*pixels.shape[:3], channels))
    return _levels(pixels + drawn)


def speckled(pixels: Pixels, share: float) -> Pixels:
    """A share of the pixels turned black or white."""
    drawn = np.random.default_rng(1).random(pixels.shape[:3])[..., None]
    return np.where(drawn < share / 2, 0, np.where(drawn > 1 - share / 2, 255, pixels)).astype(np.uint8)


def compressed(pixels: Pixels, quality: int) -> Pixels:
    """Saved as JPEG and read again."""
    return _each(pixels, lambda image: _as_jpeg(image, quality))


def rescaled(pixels: Pixels, side: int, ways: tuple[Sampling, Sampling]) -> Pixels:
    """Scaled down to `side` pixels and back up, by these two ways of sampling."""
    there, back = ways
    return _each(pixels, lambda image: image.resize((side, side), there).resize(image.size, back))


def sideways(pixels: Pixels) -> Pixels:
    """Turned by 90°. The other direction gives the mirror image, which has the same numbers."""
    return np.rot90(pixels, 1, (1, 2))


def upside_down(pixels: Pixels) -> Pixels:
    """Turned by 180°."""
    return np.rot90(pixels, 2, (1, 2))


def greyscale(pixels: Pixels) -> Pixels:
    """Without colour."""
    return np.repeat(luma(pixels).astype(np.uint8)[..., None], 3, axis=3)


def exchanged(pixels: Pixels) -> Pixels:
    """Red and blue exchanged."""
    return pixels[..., ::-1]


def moved(pixels: Pixels, angle: float = 0, zoom: float = 1, shift: float = 0) -> Pixels:
    """Turned by degrees, enlarged, and moved by pixels, all a little; where nothing moves in, the old pixels stay."""
    radians = np.deg2rad(angle)
    cosine, sine, middle = np.cos(radians) / zoom, np.sin(radians) / zoom, pixels.shape[1] / 2
    across = middle - cosine * middle - sine * middle + shift
    down = middle + sine * middle - cosine * middle + shift
    matrix = (cosine, sine, across, -sine, cosine, down)

    def move(image: Image.Image) -> Image.Image:
        found = image.transform(image.size, Image.Transform.AFFINE, matrix, Sampling.BILINEAR)
        inside = Image.new("L", image.size, 255).transform(image.size, Image.Transform.AFFINE, matrix)
        return Image.composite(found, image, inside)

    return _each(pixels, move)


def _levels(values: NDArray[np.floating[Any]]) -> Pixels:
    found: Pixels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return found


def _each(pixels: Pixels, change: Callable[[Image.Image], Image.Image]) -> Pixels:
    return np.array([np.asarray(change(Image.fromarray(image))) for image in pixels])


def _as_jpeg(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)
