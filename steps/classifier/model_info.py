"""What a trained model says of itself in `model.json`. Reading it needs no PyTorch."""

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from steps.errors import ModelError
from steps.network.description import Architecture, Normalisation

INFO_NAME = "model.json"


@dataclass(frozen=True)
class ModelInfo:
    """Everything about a model except its weights; the fields are those of `model.json`."""

    classes: tuple[str, ...]
    image_size: int
    architecture: Architecture
    networks: int
    folds: int
    normalisation: Normalisation
    temperature: float
    threshold: float
    target_precision: float
    target_confidence: float
    data_digest: str
    synthetic: bool
    code_digest: str
    model_version: str
    seed: int
    validation: dict[str, float]


def load_info(folder: Path) -> ModelInfo:
    """Read `model.json` of a model folder; raises ModelError."""
    path = folder / INFO_NAME
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return _info(values)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} does not describe a model of this project: {error!r}") from error


def _info(values: dict[str, Any]) -> ModelInfo:
    normalisation = values["normalisation"]
    known = {field.name: values[field.name] for field in fields(ModelInfo)}
    return ModelInfo(
        **known
        | {
            "classes": tuple(values["classes"]),
            "architecture": Architecture(**values["architecture"]),
            "normalisation": Normalisation(tuple(normalisation["mean"]), tuple(normalisation["std"])),
        }
    )
