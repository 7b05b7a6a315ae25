"""Corruptions of 32 × 32 photos after Hendrycks and Dietterich, written apart from those of training and evaluation.

D. Hendrycks and T. Dietterich, "Benchmarking Neural Network Robustness to Common Corruptions and Perturbations", 2019.
Each takes photos (N, 32, 32, 3) from 0 to 1, a strength from 1 to 3 and a generator. Noise, light and contrast are hard
to write in any other way than the training does. The rest differs: SciPy's filters where the training multiplies
matrices, Pillow's JPEG where it rounds frequencies, boxes and discs where it has Gaussians.
"""

import io
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Photos = NDArray[np.float64]
Corruption = Callable[[Photos, int, np.random.Generator], Photos]
STRENGTHS = (1, 2, 3)


def corrupt(images: NDArray[np.uint8], kind: str, strength: int, seed: int = 0) -> NDArray[np.uint8]:
    """Photos uint8 (N, 32, 32, 3), each corrupted; the same arguments give the same pixels."""
    generator = np.random.default_rng((seed, strength, *kind.encode()))
    if not len(images):
        return images
    changed = CORRUPTIONS[kind](images / 255, strength, generator)
    return (changed.clip(0, 1) * 255).round().astype(np.uint8)


def gaussian_noise(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    """Noise of the sensor, with deviations of 6, 12 and 25 of 255."""
    return x + rng.normal(0, (6, 12, 25)[strength - 1] / 255, x.shape)


def shot_noise(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    """Few photons: 120, 60 and 30 for a white pixel."""
    photons = (120, 60, 30)[strength - 1]
    return rng.poisson(x * photons) / photons


def impulse_noise(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    """Single values that are black or white."""
    share = (0.01, 0.02, 0.05)[strength - 1]
    where = rng.random(x.shape)
    return np.where(where < share / 2, 0, np.where(where > 1 - share / 2, 1, x))


def speckle_noise(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    """Noise in proportion to the light."""
    return x + x * rng.normal(0, (0.06, 0.12, 0.2)[strength - 1], x.shape)


def defocus_blur(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    """A disc of 0.7, 1.1 and 1.6 pixels radius, with soft edges."""
    radius = (0.7, 1.1, 1.6)[strength - 1]
    y, z = np.mgrid[-3:4, -3:4]
    disc = (radius + 0.5 - np.hypot(y, z)).clip(0, 1)
    return ndimage.convolve(x, (disc / disc.sum())[None, :, :, None], mode="nearest")


def motion_blur(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    """A line of 2, 3 and 5 pixels in a random direction."""
    length = (2, 3, 5)[strength - 1]
    angles = rng.uniform(0, np.pi, len(x))
    return np.stack([_moved(photo, length, angle) for photo, angle in zip(x, angles, strict=True)])


def _moved(photo: Photos, length: float, angle: float) -> Photos:
    steps = np.linspace(-(length - 1) / 2, (length - 1) / 2, 9)
    shifts = [(step * np.sin(angle), step * np.cos(angle), 0) for step in steps]
    return np.mean([ndimage.shift(photo, shift, order=1, mode="nearest") for shift in shifts], axis=0)


def zoom_blur(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    """The mean of photos that come nearer."""
    scales = np.linspace(1, (1.1, 1.2, 1.35)[strength - 1], 6)
    return np.mean([_scaled(x, scale) for scale in scales], axis=0)


def _scaled(x: Photos, scale: float, mode: str = "nearest", fill: float = 0) -> Photos:
    middle = (np.array(x.shape[1:3]) - 1) / 2
    matrix = np.diag([1, 1 / scale, 1 / scale, 1])
    offset = np.array([0, *(middle - middle / scale), 0])
    return ndimage.affine_transform(x, matrix, offset, order=1, mode=mode, cval=fill)


def glass_blur(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    """Pixels change places with neighbours, then blur."""
    x = x.copy()
    for _ in range((1, 1, 2)[strength - 1]):
        swap = rng.random(x.shape[:3]) < (0.15, 0.3, 0.5)[strength - 1]
        moved = np.roll(x, tuple(rng.choice((-1, 1), 2)), axis=(1, 2))
        x = np.where(swap[..., None], moved, x)
    return ndimage.gaussian_filter(x, (0, 0.4, 0.4, 0))


def pixelate(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    """Fewer pixels, 22, 16 and 11 a side, shown as squares."""
    side = (22, 16, 11)[strength - 1]
    return _each(x, lambda image: image.resize((side, side), Image.Resampling.BOX).resize(image.size, 0))


def jpeg(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    """Compression of quality 60, 30 and 10."""
    quality = (60, 30, 10)[strength - 1]

    def packed(image: Image.Image) -> Image.Image:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=quality)
        return Image.open(buffer)

    return _each(x, packed)


def _each(x: Photos, change: Callable[[Image.Image], Image.Image]) -> Photos:
    return np.stack([np.asarray(change(Image.fromarray(np.uint8(photo.clip(0, 1) * 255)))) for photo in x]) / 255


def dark(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    """A short exposure, in linear light as sensors have it, with what remains of the noise."""
    return _encode(_decode(x) * (0.5, 0.25, 0.08)[strength - 1])


def bright(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    """A long exposure: the highlights are lost."""
    return _encode(_decode(x) * (1.4, 2, 3)[strength - 1])


def _decode(x: Photos) -> Photos:
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def _encode(x: Photos) -> Photos:
    x = x.clip(0, 1)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)


def contrast(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    """Less contrast around the mean of the photo."""
    mean = x.mean(axis=(1, 2), keepdims=True)
    return mean + (x - mean) * (0.6, 0.4, 0.25)[strength - 1]


def fog(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    """Clouds of many sizes in front of everything."""
    clouds = sum(
        ndimage.gaussian_filter(rng.random((len(x), 32, 32)), (0, size, size), mode="wrap") * size for size in (1, 3, 7)
    )
    clouds = np.asarray(clouds)
    clouds -= clouds.min(axis=(1, 2), keepdims=True)
    clouds /= clouds.max(axis=(1, 2), keepdims=True)
    share = (0.5, 0.9, 1.4)[strength - 1]
    return (x + share * clouds[..., None]) / (1 + share)


def snow(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    """Flakes that fall aslant, over a paler photo."""
    flakes = (rng.random((len(x), 32, 32)) < (0.01, 0.02, 0.04)[strength - 1]).astype(float)
    flakes = sum(np.roll(flakes, (step, step // 2), axis=(1, 2)) for step in range(3)) * 0.7
    pale = x.mean(axis=3, keepdims=True) * 0.5 + 0.5
    share = (0.1, 0.2, 0.3)[strength - 1]
    return (1 - share) * x + share * pale + np.asarray(flakes)[..., None]


def smaller(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    """The photo on 26, 22 and 18 of 32 pixels, somewhere on one shade of grey."""
    side = (26, 22, 18)[strength - 1]
    small = _each(x, lambda image: image.resize((side, side), Image.Resampling.LANCZOS))
    result = np.broadcast_to(rng.random((len(x), 1, 1, 1)), x.shape).copy()
    for photo, part, (top, left) in zip(result, small, rng.integers(0, 33 - side, (len(x), 2)), strict=True):
        photo[top : top + side, left : left + side] = part
    return result


def occlusion(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    """A disc of 4, 6 and 8 pixels radius in front, with the colours of another photo."""
    y, z = np.mgrid[:32, :32]
    middle = rng.uniform(4, 28, (2, len(x), 1, 1))
    inside = np.hypot(y - middle[0], z - middle[1]) < (4, 6, 8)[strength - 1]
    return np.where(inside[..., None], np.roll(x, 1, axis=0), x)


def elastic(x: Photos, strength: int, rng: np.random.Generator) -> Photos:
    """Local stretching, as through bad glass or water."""
    reach = (1, 1.7, 2.5)[strength - 1]
    field = ndimage.gaussian_filter(rng.normal(0, 1, (2, len(x), 32, 32)), (0, 0, 4, 4))
    field *= reach / field.std()
    grid = np.mgrid[:32, :32]
    return np.stack(
        [
            np.stack(
                [ndimage.map_coordinates(photo[..., c], grid + shift, order=1, mode="nearest") for c in range(3)], -1
            )
            for photo, shift in zip(x, field.transpose(1, 0, 2, 3), strict=True)
        ]
    )


def saturate(x: Photos, strength: int, _: np.random.Generator) -> Photos:
    """Paler colours, grey, and gaudy ones."""
    grey = x.mean(axis=3, keepdims=True)
    return grey + (x - grey) * (0.4, 0, 2.5)[strength - 1]


CORRUPTIONS: Mapping[str, Corruption] = MappingProxyType(
    {
        function.__name__: function
        for function in (
            gaussian_noise, shot_noise, impulse_noise, speckle_noise, defocus_blur, motion_blur, zoom_blur, glass_blur,
            pixelate, jpeg, dark, bright, contrast, fog, snow, smaller, occlusion, elastic, saturate,
        )
    }
)  # fmt: skip
