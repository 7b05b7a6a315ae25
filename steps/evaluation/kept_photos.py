"""A few test photos that are kept with a version, and what the model answers to them.

While the version comes into service, `deploy-model` asks the endpoint about the same photos, and compares the answers.
"""

import base64
import hashlib
import io
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from steps.arrays import Images, Labels, Probabilities
from steps.classifier.scoring import Scored
from steps.dataset.files import Dataset

MOST = 20  # photos, unless there are more classes


@dataclass(frozen=True)
class KeptPhotos:
    """The file: its name, which has a digest of its content, and the content."""

    name: str
    content: bytes


def kept_photos(test: Dataset, scored: Scored) -> KeptPhotos:
    """The file with photos of a test set and the answers of the model that scored it."""
    document = {
        "model_version": scored.model_version,
        "labels": scored.classes,
        "photos": [_photo(test, scored, row) for row in chosen(test.labels, scored.probabilities)],
    }
    content = json.dumps(document, allow_nan=False).encode()
    return KeptPhotos(f"kept-photos-{hashlib.sha256(content).hexdigest()}.json", content)


def chosen(labels: Labels, probabilities: Probabilities) -> list[int]:
    """The rows of a photo of each class in turn, first of all those of which the model is surest.

    Such answers hardly change with another processor or library, and very much with wrong weights or exchanged labels.
    """
    surest = np.argsort(-probabilities.max(axis=1), kind="stable")
    of_class = [surest[labels[surest] == label].tolist() for label in range(probabilities.shape[1])]
    turns = [(turn, label) for label, rows in enumerate(of_class) for turn in range(len(rows))]
    return [of_class[label][turn] for turn, label in sorted(turns)][: max(MOST, len(of_class))]


def _photo(test: Dataset, scored: Scored, row: int) -> dict[str, Any]:
    return {
        "photo": base64.b64encode(_png(test.images[row])).decode(),
        "probabilities": scored.probabilities[row].tolist(),
        "other": None if scored.other is None else float(scored.other[row]),
    }


def _png(image: Images) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, format="PNG")
    return buffer.getvalue()
