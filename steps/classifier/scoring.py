"""Scores photos with a model archive, using the code inside the archive as the endpoint does.

A champion may be older than this code, so its own network, preprocessing and calibration must be used.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jobs.files import sha256_of
from steps.arrays import Images, Probabilities
from steps.classifier.model_archive import unpacked
from steps.errors import ModelError

SCRIPT = Path(__file__).with_name("score_model.py")
CLASSIFIERS = ("classifier/__init__.py", "classifier.py")  # older models have the latter
TIMEOUT_SECONDS = 900
ERROR_LINES = 8


@dataclass(frozen=True)
class Latency:
    """Milliseconds for one decoded photo on one core, over a number of single photos."""

    median_ms: float
    p95_ms: float
    photos: int


@dataclass(frozen=True)
class Scored:
    """A model's probabilities (N, classes) for the photos, those for further ones, and its own description.

    `other` has the probabilities (N,) that the photos show none of the classes, None if the model cannot tell, and
    `turns` those (N, 4) of how they are turned, None for older models, which do not say.
    """

    model_version: str
    classes: tuple[str, ...]
    threshold: float
    probabilities: Probabilities
    archive_sha256: str
    archive_bytes: int
    latency: Latency
    further: Probabilities
    other: Probabilities | None = None
    turns: Probabilities | None = None


def score(archive: Path, images: Images, further: Images) -> Scored:
    """Score photos uint8 (N, 32, 32, 3), and perhaps further ones, with the model in a `model.tar.gz`.

    Raises ModelError.
    """
    asked = np.concatenate([images, further])
    with unpacked(archive) as model, tempfile.TemporaryDirectory(prefix="scores-") as name:
        work = Path(name)
        np.save(work / "images.npy", asked)
        _run(archive, model, work)
        facts = json.loads((work / "facts.json").read_text(encoding="utf-8"))
        probabilities: Probabilities = np.load(work / "probabilities.npy", allow_pickle=False)
        other, turns = (_known(work / name, len(images)) for name in ("other.npy", "turns.npy"))
    classes = tuple(facts["classes"])
    if probabilities.shape != (len(asked), len(classes)) or not np.isfinite(probabilities).all():
        raise ModelError(f"{archive} answers {probabilities.shape} to {len(asked)} photos of {len(classes)} classes.")
    return Scored(
        model_version=facts["model_version"],
        classes=classes,
        threshold=facts["threshold"],
        probabilities=probabilities[: len(images)],
        other=other,
        turns=turns,
        further=probabilities[len(images) :],
        archive_sha256=sha256_of(archive),
        archive_bytes=archive.stat().st_size,
        latency=_latency(facts["milliseconds"]),
    )


def _known(path: Path, count: int) -> Probabilities | None:
    """The first probabilities in a file; None if there is no such file, since the model does not say that."""
    return np.load(path, allow_pickle=False)[:count] if path.exists() else None


def _run(archive: Path, model: Path, work: Path) -> None:
    command = [sys.executable, "-P", str(SCRIPT), str(model), str(work / "images.npy"), str(work)]
    environment = {**os.environ, "PYTHONPATH": str(model / "code"), "PYTHONDONTWRITEBYTECODE": "1"}
    if not any((model / "code" / "steps" / name).is_file() for name in CLASSIFIERS):
        raise ModelError(
            f"{archive} has none of {', '.join(CLASSIFIERS)} in code/steps: it is no model of this project."
        )
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"{archive} did not score the test photos within {TIMEOUT_SECONDS} s.") from error
    if done.returncode:
        said = "\n".join(done.stderr.strip().splitlines()[-ERROR_LINES:])
        raise ModelError(f"{archive} cannot be run with the code that it holds:\n{said}")


def _latency(milliseconds: list[float]) -> Latency:
    median, p95 = np.percentile(milliseconds, (50, 95))
    return Latency(round(float(median), 3), round(float(p95), 3), len(milliseconds))
