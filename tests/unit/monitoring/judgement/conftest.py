"""Photos of two drawn vehicles, a reference that was learnt from some of them, and captures of the others."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from monitoring.features.training_images import Labelled
from monitoring.judgement.learning import learn
from monitoring.judgement.reference import Reference
from pipelines.data.generate import write_archive
from steps.dataset.archive import Split, read_archive

CLASSES = ("bicycle", "motorcycle")


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Labelled, Labelled]:
    """Photos for the reference, and others for the traffic."""
    path = tmp_path_factory.mktemp("drawn") / "archive.tar.gz"
    write_archive(path, CLASSES, train_per_class=60, test_per_class=60, seed=3)
    archive = read_archive(path)
    places = [archive.fine_labels.index(name) for name in CLASSES]

    def labelled(split: Split) -> Labelled:
        own = np.isin(split.labels, places)
        return Labelled(split.images[own], np.searchsorted(places, split.labels[own]), CLASSES)

    return labelled(archive.train), labelled(archive.test)


@pytest.fixture(scope="session")
def reference(drawn: tuple[Labelled, Labelled]) -> Reference:
    """The reference of the first photos."""
    good, _ = drawn
    return learn(good.images, good.labels, CLASSES)


@pytest.fixture(scope="session")
def traffic(drawn: tuple[Labelled, Labelled]) -> Labelled:
    """Good photos that the reference has not seen."""
    return drawn[1]


@pytest.fixture(scope="session")
def capture(write_lines: Callable[..., Path]) -> Callable[..., None]:
    """Writes photos and answers, one a minute, as a capture file of a day."""

    def write(folder: Path, images: np.ndarray, answers: np.ndarray, sure: float = 0.97, day: int = 9) -> None:
        lines = []
        for number, (image, answer) in enumerate(zip(images, answers, strict=True)):
            buffer = io.BytesIO()
            Image.fromarray(image).save(buffer, "PNG")
            row = [sure, 1 - sure] if answer == 0 else [1 - sure, sure]
            lines.append(line(buffer.getvalue(), row, f"{day}-{number}", f"2026-03-{day:02}T{number // 60:02}:"))
            lines[-1]["eventMetadata"]["inferenceTime"] += f"{number % 60:02}:00Z"
        write_lines(folder / f"{day}.jsonl", *lines)

    return write


def line(image: bytes, row: list[float], event: str, time: str) -> dict[str, Any]:
    """A record of one photo and its answer."""
    answer = {"labels": CLASSES, "probabilities": [row], "threshold": 0.9, "model_version": "1"}
    return {
        "captureData": {
            "endpointInput": {
                "observedContentType": "image/png",
                "data": base64.b64encode(image).decode(),
                "encoding": "BASE64",
            },
            "endpointOutput": {
                "observedContentType": "application/json",
                "data": json.dumps(answer),
                "encoding": "JSON",
            },
        },
        "eventMetadata": {"eventId": event, "inferenceTime": time},
    }
