"""Features of images' pixels, from 0 to 1: what training images and captured photos are compared by.

All are computed for many images at once, from whole numbers, so that an image has the same features in any company.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (images, rows, columns, RGB)

# Luma by ITU-R 601 as Pillow computes it, in units of 1 / 65,536.
RED, GREEN, BLUE, HALF = 19595, 38470, 7471, 1 << 15
AT_ONCE = 256  # images whose intermediate results fit into a processor's cache


@dataclass(frozen=True)
class ImageFeatures:
    """What images are like; each field has one value an image.

    Brightness and contrast are mean and standard deviation of luma (ITU-R 601), saturation is the mean of HSV's, and
    sharpness is the mean difference of luma between neighbouring pixels.
    """

    brightness: NDArray[np.float64]
    contrast: NDArray[np.float64]
    saturation: NDArray[np.float64]
    sharpness: NDArray[np.float64]


IMAGE_FEATURES = tuple(field.name for field in fields(ImageFeatures))


def image_features(pixels: Pixels) -> ImageFeatures:
    """The features of images of one size."""
    parts = [_features(pixels[start : start + AT_ONCE]) for start in range(0, max(len(pixels), 1), AT_ONCE)]
    return ImageFeatures(*(np.concatenate([getattr(part, name) for part in parts]) for name in IMAGE_FEATURES))


def _features(pixels: Pixels) -> ImageFeatures:
    gray = luma(pixels)
    brightness = _mean(gray)
    squares = _mean(gray.astype(np.int32) ** 2)
    return ImageFeatures(
        brightness=brightness / 255,
        contrast=np.sqrt(np.maximum(squares - brightness**2, 0)) / 255,
        saturation=_mean(saturation(pixels)) / 255,
        sharpness=(_mean(np.abs(np.diff(gray, axis=1))) + _mean(np.abs(np.diff(gray, axis=2)))) / 510,
    )


def luma(pixels: Pixels) -> NDArray[np.int16]:
    """Luma of each pixel, from 0 to 255, as Pillow's mode L has it."""
    weighted = pixels[..., 0].astype(np.uint32) * RED
    weighted += pixels[..., 1].astype(np.uint32) * GREEN
    weighted += pixels[..., 2].astype(np.uint32) * BLUE
    return ((weighted + HALF) >> 16).astype(np.int16)


def saturation(pixels: Pixels) -> Pixels:
    """HSV's saturation of each pixel, from 0 to 255, as Pillow's mode HSV has it."""
    red, green, blue = (pixels[..., channel] for channel in range(3))
    most, least = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    share = (most - least).astype(np.float32) / np.maximum(most, 1).astype(np.float32)
    return (share.astype(np.float64) * 255).astype(np.uint8)


def _mean(values: NDArray[np.integer]) -> NDArray[np.float64]:
    """The mean of each image. Sums of whole numbers are exact, in any order."""
    found: NDArray[np.float64] = values.sum(axis=(1, 2), dtype=np.int64) / (values.shape[1] * values.shape[2])
    return found
