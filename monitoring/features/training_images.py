"""Features of the training images, from the files that PrepareData writes."""

import json
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from monitoring.errors import InvalidTrainingImagesError
from monitoring.features.pixels import Pixels, image_features


@dataclass(frozen=True)
class Labelled:
    """Photos (images, 32, 32, RGB) and their labels, which index into the classes."""

    images: Pixels
    labels: NDArray[np.intp]
    classes: tuple[str, ...]

    @cached_property
    def features(self) -> pd.DataFrame:
        """One row for each image: its features and, as `predicted`, its actual class, which a good model predicts."""
        return pd.DataFrame(vars(image_features(self.images))).assign(predicted=np.array(self.classes)[self.labels])


def read_training_images(train: Path, manifest: Path) -> Labelled:
    """Reads `data.npz` in one folder and `manifest.json` in the other. Raises InvalidTrainingImagesError."""
    try:
        classes = json.loads((manifest / "manifest.json").read_text(encoding="utf-8"))["classes"]
        with np.load(train / "data.npz", allow_pickle=False) as arrays:
            found = Labelled(arrays["images"], arrays["labels"], tuple(classes))
        found.features  # noqa: B018 - fails unless images, labels and classes belong together
    except (OSError, ValueError, LookupError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise InvalidTrainingImagesError(f"'{train}' and '{manifest}' are not PrepareData's output: {error}") from error
    return found


def read_images(folder: Path) -> Pixels:
    """Reads the images of `data.npz` in a folder, of which there may be none. Raises InvalidTrainingImagesError."""
    try:
        with np.load(folder / "data.npz", allow_pickle=False) as arrays:
            images: Pixels = arrays["images"]
    except (OSError, ValueError, LookupError, EOFError, zipfile.BadZipFile) as error:
        raise InvalidTrainingImagesError(f"'{folder}' is not PrepareData's output: {error}") from error
    if images.dtype != np.uint8 or images.shape[1:] != (32, 32, 3):
        raise InvalidTrainingImagesError(f"'{folder}' has no images of 32 x 32 pixels: {images.dtype}, {images.shape}")
    return images
