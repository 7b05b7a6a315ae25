"""Scores photos with the code inside a model archive: `score_model.py MODEL_FOLDER IMAGES OUTPUT_FOLDER`.

`steps.classifier.scoring` runs this file in a process of its own, in which `steps` is the package of the model archive.
From that package it needs only what every model of this project has: `load_classifier(folder)` of its classifier,
whose result has `info.classes`, `info.threshold`, `info.model_version` and `probabilities(images)`.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

try:
    from steps.classifier.classifier import Classifier, load_classifier
except ModuleNotFoundError:  # in older archives `steps.classifier` is a module, not a package
    from steps.classifier import Classifier, load_classifier  # type: ignore[attr-defined, no-redef]

WARM_UP, TIMED = 5, 100  # single photos


def time_single_photos(classifier: Classifier, images: np.ndarray) -> list[float]:
    """Milliseconds of each of the timed calls with one photo."""
    took = []
    for call in range(WARM_UP + TIMED):
        row = call % len(images)
        started = time.perf_counter()
        classifier.probabilities(images[row : row + 1])
        took.append(1000 * (time.perf_counter() - started))
    return took[WARM_UP:]


def main(model: Path, images_path: Path, output: Path) -> None:
    """Write `facts.json`, `probabilities.npy` (N, classes), and of a model that says it `other.npy`, `turns.npy`."""
    torch.set_num_threads(1)  # the same number for every model, so that their times can be compared
    classifier = load_classifier(model)
    images = np.load(images_path, allow_pickle=False)
    # Older models know nothing of other things, or do not say how a photo is turned.
    answer = classifier.answer(images) if hasattr(classifier, "answer") else None
    np.save(output / "probabilities.npy", answer.probabilities if answer else classifier.probabilities(images))
    for name in ("other", "turns"):
        if (found := getattr(answer, name, None)) is not None:
            np.save(output / f"{name}.npy", found)
    facts = {
        "classes": list(classifier.info.classes),
        "threshold": classifier.info.threshold,
        "model_version": classifier.info.model_version,
        "milliseconds": time_single_photos(classifier, images),
    }
    (output / "facts.json").write_text(json.dumps(facts), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
