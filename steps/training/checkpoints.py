"""Checkpoints from which an interrupted training resumes, in the folder that SageMaker synchronises with S3."""

import hashlib
import json
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch


class Checkpoints:
    """The states of one training's networks, one file for each.

    File names contain a digest of `made_from` (data, code and hyperparameters), so a training never resumes from the
    checkpoints of a different one.
    """

    def __init__(self, folder: Path, made_from: Mapping[str, object]) -> None:
        text = json.dumps(made_from, sort_keys=True)
        self._folder = folder
        self._key = hashlib.sha256(text.encode()).hexdigest()[:16]

    def path(self, network: str) -> Path:
        """Path of the file with a network's state."""
        return self._folder / f"{self._key}-{network}.pt"

    def save(self, network: str, state: dict[str, Any]) -> None:
        """Write a state atomically: a file is complete or does not exist."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self.path(network)
        unfinished = path.with_suffix(".tmp")
        torch.save(state, unfinished)
        unfinished.replace(path)

    def load(self, network: str) -> dict[str, Any] | None:
        """The last saved state, or None if there is none or it cannot be read."""
        path = self.path(network)
        if not path.is_file():
            return None
        try:
            state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        except (OSError, RuntimeError, EOFError, pickle.UnpicklingError, zipfile.BadZipFile) as error:
            print(
                f"{network} checkpoint {path.name} cannot be read, so the network is trained from the start: {error}",
                flush=True,
            )
            return None
        return state
