"""Features of an image's pixels, from 0 to 1: what training images and captured photos are compared by."""

from dataclasses import dataclass, fields

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class ImageFeatures:
    """What an image is like.

    Brightness and contrast are mean and standard deviation of luma (ITU-R 601), saturation is the mean of HSV's, and
    sharpness is the mean difference of luma between neighbouring pixels.
    """

    brightness: float
    contrast: float
    saturation: float
    sharpness: float


IMAGE_FEATURES = tuple(field.name for field in fields(ImageFeatures))


def image_features(image: Image.Image) -> ImageFeatures:
    """The features of an RGB image."""
    luma = np.asarray(image.convert("L"), dtype=np.float64) / 255
    return ImageFeatures(
        brightness=float(luma.mean()),
        contrast=float(luma.std()),
        saturation=float(np.asarray(image.convert("HSV"), dtype=np.float64)[:, :, 1].mean() / 255),
        sharpness=float((np.abs(np.diff(luma, axis=0)).mean() + np.abs(np.diff(luma, axis=1)).mean()) / 2),
    )
