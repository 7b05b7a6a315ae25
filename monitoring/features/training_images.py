"""Features of the training images, from the files that PrepareData writes."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

from monitoring.errors import InvalidTrainingImagesError
from monitoring.features.pixels import image_features


def read_training_images(train: Path, manifest: Path) -> pd.DataFrame:
    """One row for each image: its features and, as `predicted`, its actual class, which a good model predicts.

    Reads `data.npz` in one folder and `manifest.json` in the other. Raises InvalidTrainingImagesError.
    """
    try:
        classes = np.array(json.loads((manifest / "manifest.json").read_text(encoding="utf-8"))["classes"])
        with np.load(train / "data.npz", allow_pickle=False) as arrays:
            images, labels = arrays["images"], arrays["labels"]
        return pd.DataFrame(vars(image_features(images))).assign(predicted=classes[labels])
    except (OSError, ValueError, LookupError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise InvalidTrainingImagesError(f"'{train}' and '{manifest}' are not PrepareData's output: {error}") from error
